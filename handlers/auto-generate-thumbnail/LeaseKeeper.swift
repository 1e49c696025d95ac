internal import Database
internal import DatabaseClient
internal import Deadlines
internal import Failures
internal import Logging

/// Keeps a claim alive while the work gets on, and stops it once the claim is lost.
///
/// Renewal happens only at progress points of the work itself, so that what hangs does not renew. The end of the lease is
/// counted from before the claim was sent, on the monotonic clock, so this worker always stops before the database lets
/// another one in.
final class LeaseKeeper {
  private let queries: ThumbnailQueries
  private let claim: Claim
  private let leaseSeconds: Double
  private let deadline: Deadline
  /// Until when the picture has to be made: what is left after it is the upload's share. A job that comes too late has a slow origin, and
  /// must not make the store look slow.
  let makingDeadline: Deadline
  private let logger: Logger
  private var leaseEnd: Deadline
  private var nextRenewal: Deadline
  /// The database has said that the row is another's.
  private var wasRefused = false
  /// The upload has begun: ``makingDeadline`` counts no more.
  private var isMade = false

  /// What of the deadline is reserved for the upload: a quarter, at most 20 s.
  private static let uploadShare = 0.25
  private static let uploadSeconds = 20.0

  /// - Parameter leaseEnd: counted from before the claim was sent.
  init(
    _ queries: ThumbnailQueries, claim: Claim, leaseSeconds: Double, leaseEnd: Deadline, deadline: Deadline, logger: Logger
  ) {
    self.queries = queries
    self.claim = claim
    self.leaseSeconds = leaseSeconds
    self.leaseEnd = leaseEnd
    self.deadline = deadline
    makingDeadline = deadline.earlier(by: min(Self.uploadSeconds, deadline.secondsLeft * Self.uploadShare))
    self.logger = logger
    nextRenewal = .after(seconds: Self.interval(leaseSeconds))
  }

  /// A sixth of the lease, at most five seconds: five tries before it ends.
  private static func interval(_ leaseSeconds: Double) -> Double { min(5, leaseSeconds / 6) }

  /// To be called whenever the work has come further.
  ///
  /// - Throws: `LeaseLost` when the row is not, or may no longer be, this worker's; `DeadlineExceeded`.
  func progress() throws {
    if makingDeadline.hasPassed && !isMade { throw DeadlineExceeded(activity: "making the thumbnail") }
    // Never once the lease has ended, as in a process that stood still: its answer would come too late, and the row would be held for nobody.
    if nextRenewal.hasPassed && !leaseEnd.hasPassed { renew() }
    if leaseEnd.hasPassed || wasRefused { throw LeaseLost() }
  }

  /// Until when a step without progress points of its own, the upload, has to end: so long before the lease does that its
  /// failure can still be put on the row. A store that is silent is the store's fault then, and not that of a lost worker. With the first such
  /// step the making is over: the upload's share is for all of them.
  ///
  /// - Throws: as ``progress()``; `LeaseLost` where too little of the lease is left, for the database has not answered.
  func deadlineOfSilentStep() throws -> Deadline {
    // Most jobs have nearly all of their lease left, and another statement for each would be a price.
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
      if try queries.renew(claim, leaseSeconds: leaseSeconds, deadline: min(leaseEnd, .after(seconds: 3))) {
        leaseEnd = renewed
      } else {
        wasRefused = true
      }
    } catch {
      // The lease has time left: the next progress point tries again.
      logger.warning("the lease could not be renewed", cause: error.description, [.error: .foreign(error.debugDescription)])
    }
  }
}
