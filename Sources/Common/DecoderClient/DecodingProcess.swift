internal import Decoding
internal import Glibc

/// A process that decodes, from the worker's side.
final class DecodingProcess {
  let identifier: pid_t
  let socket: MessageSocket
  /// Whose videos it has seen; nil for one that is not to see another's.
  let tenant: String?
  private let waiting: Waiting
  private let processorTime: ProcessorTime
  /// Videos it has served.
  var videos = 0
  /// Whether it has had nothing to do at some time, and may have ended by itself.
  var hasWaited = false

  /// What decides how long a job waits; there is none between jobs.
  final class Waiting {
    var patience: JobPatience?

    func wait(_ descriptor: Int32, _ events: Int16) throws {
      guard let patience else { throw SocketClosed() }
      try patience.wait(descriptor, events)
    }
  }

  init(_ identifier: pid_t, socket: MessageSocket, waiting: Waiting, tenant: String?) {
    self.identifier = identifier
    self.socket = socket
    self.waiting = waiting
    self.tenant = tenant
    processorTime = ProcessorTime(of: identifier)
  }

  /// In seconds, of all its videos.
  var processorSeconds: Double { processorTime.seconds ?? 0 }

  func run<Answer>(_ patience: JobPatience, _ work: () throws -> Answer) rethrows -> Answer {
    waiting.patience = patience
    defer { waiting.patience = nil }
    return try work()
  }
}
