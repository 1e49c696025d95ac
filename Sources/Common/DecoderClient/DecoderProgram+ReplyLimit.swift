internal import Deadlines
internal import Decoding
internal import Glibc

extension DecoderProgram {
  /// How long the worker waits for a message of the program itself, which does nothing that takes long but start. What keeps the lease is
  /// called meanwhile: that nobody answers is the program's fault, and must be known before the video's lease ends.
  final class ReplyLimit {
    /// For its first message, and for each one after that.
    static let startSeconds = 30.0
    static let replySeconds = 5.0
    /// How often `progress` is called.
    private static let turnSeconds = 0.2
    /// Until when it is waited for now.
    var end = Deadline.after(seconds: startSeconds)
    private let progress: () throws -> Void

    init(_ progress: @escaping () throws -> Void) { self.progress = progress }

    /// Waits until something can be read or written.
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
