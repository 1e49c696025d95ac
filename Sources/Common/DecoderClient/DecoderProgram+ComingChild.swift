internal import Decoding

extension DecoderProgram {
  /// A child that was asked for and has seen no video yet.
  final class ComingChild {
    let socket: MessageSocket
    let waiting: DecodingProcess.Waiting
    /// What the program says of it; nil until that has been read.
    var answer: Message?
    /// Whether there may be no video for it for so long that it ends by itself.
    let isAhead: Bool

    /// - Parameter descriptor: the worker's end of its socket, which it takes over.
    init(_ descriptor: Int32, isAhead: Bool) {
      let waiting = DecodingProcess.Waiting()
      self.waiting = waiting
      self.isAhead = isAhead
      socket = MessageSocket(descriptor, patience: .asked { try waiting.wait($0, $1) })
    }
  }
}
