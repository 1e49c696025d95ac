internal import Deadlines
internal import Decoding
internal import Glibc

extension DecoderProgram {
  /// Limits how long the worker waits for a message of the program itself, which does nothing slow but start. Meanwhile `progress` keeps
  /// the lease: if the program does not answer, that is its fault, and has to be known before the video's lease ends.
  final class ReplyLimit {
    /// Seconds for the first message, and for each later one.
    static let startSeconds = 30.0
    static let replySeconds = 5.0
    /// How often `progress` is called.
    private static let turnSeconds = 0.2
    var end = Deadline.after(seconds: startSeconds)
    private let progress: () throws -> Void

    init(_ progress: @escaping () throws -> Void) { self.progress = progress }

    /// Waits until the descriptor can be read or written.
    ///
    /// - Throws: `SocketClosed` when the time is over; what `progress` threw.
    func wait(_ descriptor: Int32, _ events: Int16) throws {
      while !end.hasPassed {
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        if unsafe poll(&entry, 1, Int32(min(end, .after(seconds: Self.turnSeconds)).pollMilliseconds)) > 0 { return }
        try progress()
      }
      throw SocketClosed()
    }
  }
}
