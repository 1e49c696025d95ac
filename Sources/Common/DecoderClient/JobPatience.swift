internal import Deadlines
internal import Failures
internal import Glibc

/// Limits how long a job waits for its decoder: until the deadline, until the lease is lost, and only while the decoder works and has
/// processor time left. The kernel's limit is no video's own: it counts what a process has served before.
///
/// Requests and used processor time count as work, which keeps the lease. A decoder that stands still is given up before the lease ends, so
/// that the failure is recorded on the row at once.
final class JobPatience {
  private let deadline: Deadline
  private let stillSeconds: Double
  private let mostSeconds: Double
  private let progress: () throws -> Void
  private let processorTime: ProcessorTime
  private let threads: ThreadCount
  private let usedBefore: Double
  private var used: Double
  private var stillUntil: Deadline
  private var nextLook = Deadline.after(seconds: interval)

  /// How often to check whether the decoder works, in seconds.
  private static let interval = 0.2
  /// So many seconds of processor time in an interval count as work.
  private static let leastWork = 0.005
  /// More than any decoder starts, and fewer than would trouble a host. A limit is needed since threads that share a stack use no memory
  /// that is limited.
  private static let mostThreads = 512

  /// - Parameters:
  ///   - process: the decoder's pid.
  ///   - stillSeconds: how long it may do nothing at all.
  ///   - mostSeconds: the processor time it may use.
  ///   - progress: called whenever the work has made progress; if it throws, the work ends with that error.
  init(
    of process: pid_t, deadline: Deadline, stillSeconds: Double, mostSeconds: Double, progress: @escaping () throws -> Void
  ) {
    self.deadline = deadline
    self.stillSeconds = stillSeconds
    self.mostSeconds = mostSeconds
    self.progress = progress
    processorTime = ProcessorTime(of: process)
    threads = ThreadCount(of: process)
    usedBefore = processorTime.seconds ?? 0
    used = usedBefore
    stillUntil = .after(seconds: stillSeconds)
  }

  /// The processor time of this job, in seconds, at the last look.
  var spentSeconds: Double { used - usedBefore }

  /// Whether the decoder has sent anything.
  private(set) var hasMoved = false

  /// Must be called when the decoder has sent something.
  func moved() throws {
    hasMoved = true
    stillUntil = .after(seconds: stillSeconds)
    try look()
  }

  /// Must be called when the decoder gets the bytes for which it has waited.
  func answers() { stillUntil = .after(seconds: stillSeconds) }

  /// Waits until the descriptor can be read or written.
  func wait(_ descriptor: Int32, _ events: Int16) throws {
    while true {
      try look()
      var entry = pollfd(fd: descriptor, events: events, revents: 0)
      if unsafe poll(&entry, 1, Int32(min(deadline, nextLook).pollMilliseconds)) > 0 { return }
    }
  }

  /// Checks the decoder at regular times, so that one that sends all the time, or byte by byte, is checked as often as a silent one.
  private func look() throws {
    guard !deadline.hasPassed else { throw DeadlineExceeded(activity: "decoding the video") }
    guard nextLook.hasPassed else { return }
    nextLook = .after(seconds: Self.interval)
    if let count = threads.count, count > Self.mostThreads { throw DecoderDown(.threads) }
    let now = processorTime.seconds ?? used
    if now - used >= Self.leastWork {
      used = now
      if spentSeconds >= mostSeconds { throw DecoderDown(.processorTime) }
      stillUntil = .after(seconds: stillSeconds)
      try progress()
    } else if stillUntil.hasPassed {
      throw DecoderDown(.stoodStill, "\((stillSeconds * 10).rounded() / 10)")
    }
  }
}
