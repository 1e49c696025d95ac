internal import Decoding

extension DecoderProgram {
  /// A child that was requested and has seen no video yet.
  final class ComingChild {
    let socket: MessageSocket
    let waiting: DecodingProcess.Waiting
    /// The program's answer; nil until it has been read.
    var answer: Message?
    /// Whether it was started before its video, so that it may end because none comes.
    let isAhead: Bool

    /// - Parameter descriptor: the worker's end of the child's socket, which is closed here.
    init(_ descriptor: Int32, isAhead: Bool) {
      let waiting = DecodingProcess.Waiting()
      self.waiting = waiting
      self.isAhead = isAhead
      socket = MessageSocket(descriptor, patience: .asked { try waiting.wait($0, $1) })
    }
  }
}
