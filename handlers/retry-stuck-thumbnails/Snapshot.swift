/// The parts of the JSON of `thumbnails.look()` that the metrics and `--check` need.
struct Snapshot: Decodable {
  let health: Health
  let queue: Queue
  let failedClasses: [FailedClass]
  /// How many videos wait because of a fault that is not theirs, by class.
  let held: [String: Int]
  /// What the platform's own triggers and rules refused within a day, and changes of videos that could not be queued and wait for the next
  /// sweep.
  let platform: Platform
  let breakers: [Breaker]
  /// What people have paused.
  let paused: [Pause]
  let lastSweep: LastSweep?
  let objectsToDelete: Int
  let objectsRefused: Refused
  let enabled: Bool
  let missingConfiguration: String?
  /// Upper bounds of the histogram, in seconds, in ascending order.
  let histogramBounds: [String]
  let totals: Totals
  let workers: Workers
  let relay: Relay?
  let processProblems: [String]

  struct Health: Decodable {
    let completedCount, failedCount, processingCount, pendingCount, needsGenerationCount: Int
    /// Nil if nothing has ended yet.
    let successRatePercent, successRateWithoutBadUploadsPercent, avgGenerationTimeSeconds: Double?
    let lastDay: LastDay
  }

  /// The attempts of the last 24 hours.
  struct LastDay: Decodable {
    let successRatePercent, successRateWithoutBadUploadsPercent, meanSeconds, p95Seconds: Double?
  }

  struct Workers: Decodable {
    let counts: Counts
    let unboxedHosts: [String]
    let list: [Worker]

    struct Counts: Decodable {
      let busy, idle, silent: Int
    }
  }

  /// A process that reports about itself. If its fields are nil, it holds a job but does not report.
  struct Worker: Decodable {
    let name, program, host, version: String?
    let state: String
    let completed, failed: Int?
  }

  struct Relay: Decodable {
    let state: String
    let trouble: String?
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
    let lastError, openUntil: String?
  }

  /// Of an uploader, of the workers of a host, or of everything if both are nil.
  struct Pause: Decodable {
    let tenant, host: String?
    let text, at: String
  }

  struct Platform: Decodable {
    let refusals, setAside: Int
    let lastRefusal: String?
  }

  struct Refused: Decodable {
    let count: Int
  }

  struct LastSweep: Decodable {
    let epoch: Double
  }

  /// Counters since the beginning.
  struct Totals: Decodable {
    let announced, attempts, completed, fenced, seconds, bytes: Double
    let failed, released, le, decoder: [String: Double]
  }
}
