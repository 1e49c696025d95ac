internal import Database
internal import DatabaseClient
internal import Deadlines
internal import Failures
internal import Logging

/// Renews a claim's lease while the work makes progress, and stops the work once the lease is lost.
///
/// The lease is renewed only at progress points of the work itself, so that work that hangs does not renew it. The end of the lease is
/// counted from before the claim was sent, on the monotonic clock, so this worker always stops before the database lets another one in.
final class LeaseKeeper {
  private let queries: ThumbnailQueries
  private let claim: Claim
  private let leaseSeconds: Double
  private let deadline: Deadline
  /// When the picture has to be ready; the time after it is reserved for the upload. A job that reaches it has a slow origin, and must not
  /// make the store look slow.
  let makingDeadline: Deadline
  /// When what has become of the job must be written: with the deadline, or three seconds after the first statement begins. It is written
  /// however late it is, since the token decides whether it counts; but all statements share this time, or the watchdog would end them.
  private(set) lazy var writingDeadline = max(deadline, .after(seconds: 3))
  private let logger: Logger
  private var leaseEnd: Deadline
  private var nextRenewal: Deadline
  /// The database has said that another worker has the row.
  private var wasRefused = false
  /// The upload has begun, so ``makingDeadline`` no longer applies.
  private var isMade = false

  /// The part of the deadline that is reserved for the upload: a quarter, at most 20 s.
  private static let uploadShare = 0.25
  private static let uploadSeconds = 20.0

  init(_ queries: ThumbnailQueries, claim: Claim, leaseSeconds: Double, deadline: Deadline, logger: Logger) {
    self.queries = queries
    self.claim = claim
    self.leaseSeconds = leaseSeconds
    leaseEnd = claim.leaseEnd
    self.deadline = deadline
    makingDeadline = deadline.earlier(by: min(Self.uploadSeconds, deadline.secondsLeft * Self.uploadShare))
    self.logger = logger
    nextRenewal = .after(seconds: Self.interval(leaseSeconds))
  }

  /// A sixth of the lease, at most five seconds, which leaves at least five tries before the lease ends.
  private static func interval(_ leaseSeconds: Double) -> Double { min(5, leaseSeconds / 6) }

  /// Must be called whenever the work has made progress.
  ///
  /// - Throws: `LeaseLost` when the row is no longer this worker's, or may not be; `DeadlineExceeded`.
  func progress() throws {
    if makingDeadline.hasPassed && !isMade { throw DeadlineExceeded(activity: "making the \(claim.kind)") }
    // A process that stood still may find its lease ended. Renewing it then would keep the row from others, for a result that comes too late.
    if nextRenewal.hasPassed && !leaseEnd.hasPassed { renew() }
    if leaseEnd.hasPassed || wasRefused { throw LeaseLost() }
  }

  /// The deadline of a step without progress points of its own, such as the upload of one object. It ends early enough before the lease
  /// does that its failure can still be recorded on the row: a silent store is then the store's fault, and not that of a lost worker. The
  /// first such step ends the making: all of them share the time reserved for the upload.
  ///
  /// - Throws: as ``progress()``; `LeaseLost` also when too little of the lease is left because the database has not answered.
  func deadlineOfSilentStep() throws -> Deadline {
    // Most jobs still have nearly all of their lease, and need no extra statement.
    if leaseEnd.secondsLeft < leaseSeconds * 0.8 { nextRenewal = .after(seconds: 0) }
    try progress()
    isMade = true
    let end = leaseEnd.earlier(by: min(5, leaseSeconds / 4))
    guard end.secondsLeft > leaseSeconds / 4 else { throw LeaseLost() }
    return min(deadline, end)
  }

  private func renew() {
    nextRenewal = .after(seconds: Self.interval(leaseSeconds))
    let renewed = Deadline.after(seconds: leaseSeconds)
    do {
      if try queries.renew(claim, leaseSeconds: leaseSeconds, deadline: min(leaseEnd, deadline, .after(seconds: 3))) {
        leaseEnd = renewed
      } else {
        wasRefused = true
      }
    } catch {
      // The lease has time left, so the next progress point tries again.
      logger.warning("the lease could not be renewed", error)
    }
  }
}
