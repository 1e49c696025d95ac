internal import Decoding
internal import Glibc

/// A decoding process, from the worker's side.
final class DecodingProcess {
  let identifier: pid_t
  let socket: MessageSocket
  /// The tenant whose videos it has seen; nil if it must not see another video.
  let tenant: String?
  private let processorTime: ProcessorTime
  var videos = 0
  /// Whether it has been idle, and may have exited because of that.
  var hasWaited = false

  init(_ identifier: pid_t, socket: MessageSocket, tenant: String?) {
    self.identifier = identifier
    self.socket = socket
    self.tenant = tenant
    processorTime = ProcessorTime(of: identifier)
  }

  /// The processor time of all its videos, in seconds.
  var processorSeconds: Double { processorTime.seconds ?? 0 }

  /// Whether memory may be short because of what earlier videos have left in its heap.
  func mayHaveLeftovers(of error: any Error) -> Bool { videos > 0 && (error as? MediaError)?.kind == .outOfMemory }

  func run<Answer>(_ patience: JobPatience, _ work: () throws -> Answer) rethrows -> Answer {
    let between = socket.patience
    socket.patience = .asked(patience.wait)
    defer { socket.patience = between }
    return try work()
  }
}
