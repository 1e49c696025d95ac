/// The JSON of `thumbnails.look()`, as far as the metrics need it.
struct Snapshot: Decodable {
  let health: Health
  let queue: Queue
  let failed: [FailedClass]
  /// Videos that wait because of a fault that is not theirs, by class.
  let held: [String: Int]
  /// What the platform's own triggers and rules refused within a day, and changes of videos that wait for the next sweep because they could
  /// not be queued.
  let platform: Platform
  let breakers: [Breaker]
  let lastSweep: LastSweep?
  let objectsToDelete: Int
  let enabled: Bool
  let missingConfiguration: String?
  /// Upper bounds of the histogram, in seconds, in ascending order.
  let histogramBounds: [String]
  let totals: Totals

  struct Health: Decodable {
    let completedCount, failedCount, processingCount, pendingCount, needsGenerationCount: Int
  }

  struct Queue: Decodable {
    let due, leased, later, kept, overAnHour, expiredLeases: Int
    let oldestDueSeconds: Double
  }

  struct FailedClass: Decodable {
    let `class`: String
    let exhausted, retried: Int
  }

  struct Breaker: Decodable {
    let `class`, host: String
    let open: Bool
    let faults: Int
  }

  struct Platform: Decodable {
    let refusals, setAside: Int
  }

  struct LastSweep: Decodable {
    let epoch: Double
  }

  /// Counters since the beginning.
  struct Totals: Decodable {
    let announced, attempts, completed, stale, seconds, bytes: Double
    let failed, released, le: [String: Double]
  }
}
