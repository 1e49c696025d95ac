internal import Deadlines
internal import Failures
internal import Glibc

/// How long a job waits for its decoder: until the deadline, until the lease is lost, and only as long as the decoder is at work.
///
/// What it asks for is work, and processor time it uses is: then the lease is kept. One that stands still is given up before the lease
/// ends, so that the row hears of it at once.
final class JobPatience {
  private let deadline: Deadline
  private let stillSeconds: Double
  private let progress: () throws -> Void
  private let processorTime: ProcessorTime
  private var used = 0.0
  private var stillUntil: Deadline

  /// How often it is looked whether the decoder works, in seconds.
  private static let interval = 0.2
  /// Seconds of processor time that are work.
  private static let leastWork = 0.005

  /// - Parameters:
  ///   - process: the decoder's.
  ///   - stillSeconds: how long it may do nothing at all.
  ///   - progress: called whenever the work has come further; what it throws ends it.
  init(of process: pid_t, deadline: Deadline, stillSeconds: Double, progress: @escaping () throws -> Void) {
    self.deadline = deadline
    self.stillSeconds = stillSeconds
    self.progress = progress
    processorTime = ProcessorTime(of: process)
    used = processorTime.seconds ?? 0
    stillUntil = .after(seconds: stillSeconds)
  }

  /// Whether the decoder has said anything.
  private(set) var hasMoved = false

  /// The decoder has said something.
  func moved() {
    hasMoved = true
    stillUntil = .after(seconds: stillSeconds)
  }

  /// Waits until something can be read or written.
  func wait(_ descriptor: Int32, _ events: Int16) throws {
    while true {
      guard !deadline.hasPassed else { throw DeadlineExceeded(activity: "decoding the video") }
      var entry = pollfd(fd: descriptor, events: events, revents: 0)
      let limit = min(deadline, .after(seconds: Self.interval))
      if unsafe poll(&entry, 1, Int32(limit.pollMilliseconds)) > 0 { return }
      let now = processorTime.seconds ?? used
      if now - used >= Self.leastWork {
        used = now
        stillUntil = .after(seconds: stillSeconds)
        try progress()
      } else if stillUntil.hasPassed && !deadline.hasPassed {
        throw DecoderDown(.stoodStill(seconds: stillSeconds))
      }
    }
  }
}
