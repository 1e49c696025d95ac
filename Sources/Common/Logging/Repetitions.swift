/// Decides which repeated lines are left out, and counts them.
///
/// Otherwise a fault that everything meets, such as a database that is down, would be logged many times a second.
struct Repetitions {
  /// What identifies repeated lines.
  struct Subject: Hashable {
    let level: LogLevel
    let message: String
    let cause: String
  }

  private struct Entry {
    /// Until when lines are left out, in seconds.
    var end: Double
    var leftOut = 0
  }

  private let seconds: Double
  private var entries: [Subject: Entry] = [:]

  /// There are few causes. If there are more than this, their lines are all written.
  private static let maximumEntries = 100

  /// - Parameter seconds: for how long a line is not written again; 0 to write each line.
  init(seconds: Double) {
    self.seconds = seconds
  }

  /// - Parameter now: seconds on a monotonic clock.
  /// - Returns: nil if the line is to be left out; otherwise how many of its kind were left out since the last one.
  mutating func admit(_ subject: Subject, now: Double) -> Int? {
    if let entry = entries[subject], now < entry.end {
      entries[subject]?.leftOut += 1
      return nil
    }
    let leftOut = entries[subject]?.leftOut ?? 0
    if entries.count >= Self.maximumEntries { entries = entries.filter { now < $0.value.end || $0.value.leftOut > 0 } }
    if entries.count < Self.maximumEntries || entries[subject] != nil { entries[subject] = Entry(end: now + seconds) }
    return leftOut
  }

  /// Removes and returns how many lines were left out of subjects that have not come again.
  mutating func takeOverdue(now: Double) -> [(subject: Subject, leftOut: Int)] {
    let overdue = entries.filter { now >= $0.value.end }
    for subject in overdue.keys { entries[subject] = nil }
    return overdue.filter { $0.value.leftOut > 0 }.map { ($0.key, $0.value.leftOut) }
  }
}
