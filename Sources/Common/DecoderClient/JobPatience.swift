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
  private let threads: ThreadCount
  private var used = 0.0
  private var stillUntil: Deadline
  private var nextLook = Deadline.after(seconds: interval)

  /// How often it is looked whether the decoder works, in seconds.
  private static let interval = 0.2
  /// Seconds of processor time that are work.
  private static let leastWork = 0.005
  /// More than any decoder starts, and fewer than a host notices: threads without a stack of their own cost no memory that is limited.
  private static let mostThreads = 512

  /// - Parameters:
  ///   - process: the decoder's.
  ///   - stillSeconds: how long it may do nothing at all.
  ///   - progress: called whenever the work has come further; what it throws ends it.
  init(of process: pid_t, deadline: Deadline, stillSeconds: Double, progress: @escaping () throws -> Void) {
    self.deadline = deadline
    self.stillSeconds = stillSeconds
    self.progress = progress
    processorTime = ProcessorTime(of: process)
    threads = ThreadCount(of: process)
    used = processorTime.seconds ?? 0
    stillUntil = .after(seconds: stillSeconds)
  }

  /// Whether the decoder has said anything.
  private(set) var hasMoved = false

  /// The decoder has said something.
  func moved() throws {
    hasMoved = true
    stillUntil = .after(seconds: stillSeconds)
    try look()
  }

  /// The decoder gets what it has waited for.
  func answers() { stillUntil = .after(seconds: stillSeconds) }

  /// Waits until something can be read or written.
  func wait(_ descriptor: Int32, _ events: Int16) throws {
    while true {
      try look()
      var entry = pollfd(fd: descriptor, events: events, revents: 0)
      if unsafe poll(&entry, 1, Int32(min(deadline, nextLook).pollMilliseconds)) > 0 { return }
    }
  }

  /// Looks what the decoder does, by the clock: one that talks all the time, or byte by byte, is looked at as one that is silent.
  private func look() throws {
    guard !deadline.hasPassed else { throw DeadlineExceeded(activity: "decoding the video") }
    guard nextLook.hasPassed else { return }
    nextLook = .after(seconds: Self.interval)
    if let count = threads.count, count > Self.mostThreads { throw DecoderDown(.tooManyThreads) }
    let now = processorTime.seconds ?? used
    if now - used >= Self.leastWork {
      used = now
      stillUntil = .after(seconds: stillSeconds)
      try progress()
    } else if stillUntil.hasPassed {
      throw DecoderDown(.stoodStill(seconds: stillSeconds))
    }
  }
}
