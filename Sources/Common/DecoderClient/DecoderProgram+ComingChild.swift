internal import Decoding

extension DecoderProgram {
  /// A child that was requested and has seen no video yet.
  final class ComingChild {
    let socket: MessageSocket
    /// The program's answer; nil until it has been read.
    var answer: Message?
    /// Whether it was started before its video, so that it may end because none comes.
    let isAhead: Bool

    /// - Parameter descriptor: the worker's end of the child's socket, which is closed here.
    init(_ descriptor: Int32, isAhead: Bool) {
      self.isAhead = isAhead
      // It is waited for only within a job.
      socket = MessageSocket(descriptor, patience: .asked { _, _ in throw SocketClosed() })
    }
  }
}
