/// Which lines that say the same again are left out, and how many those were.
///
/// A fault that everything meets, such as a database that is away, would otherwise say so many times a second.
struct Repetitions {
  /// What makes two lines the same.
  struct Subject: Hashable {
    let level: LogLevel
    let message: String
    let cause: String
  }

  private struct Entry {
    /// Until when it is left out, in seconds.
    var end: Double
    var leftOut = 0
  }

  private let seconds: Double
  private var entries: [Subject: Entry] = [:]

  /// Causes are few; where they are not, each line is written.
  private static let maximumEntries = 100

  /// - Parameter seconds: for how long a line is not written again; 0: each is written.
  init(seconds: Double) {
    self.seconds = seconds
  }

  /// - Parameter now: seconds on a clock that only goes forward.
  /// - Returns: nil where the line is to be left out, else how many of its kind were since the last one was written.
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

  /// What was left out of subjects that have not come again: to be told, and then forgotten.
  mutating func takeOverdue(now: Double) -> [(subject: Subject, leftOut: Int)] {
    let overdue = entries.filter { now >= $0.value.end }
    for subject in overdue.keys { entries[subject] = nil }
    return overdue.filter { $0.value.leftOut > 0 }.map { ($0.key, $0.value.leftOut) }
  }
}
