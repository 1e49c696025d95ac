/// What an origin's answers have shown: whether it serves ranges, and where its file ends if it tells no size.
struct RangeHabits {
  /// False once the origin has shown that it cannot serve ranges.
  private(set) var areServed = true
  /// Whether it has served a part of the file. More than was asked for, from the beginning, may be all of it.
  private(set) var hasServedPart = false
  /// An offset from which the origin has said that there is nothing more, without telling the size.
  private(set) var nothingFrom: Int64?
  private var hasDeclinedWhole = false
  /// The end of the farthest part so far, and whether the request asked to end there. If so, the file may go on.
  private var reached: (end: Int64, isAsAsked: Bool) = (0, true)

  /// A file up to this size is accepted if it is sent whole instead of a range.
  private static let smallFile: Int64 = 1 << 20

  /// The origin cannot serve ranges: from now on the file is asked for without one.
  mutating func noteNone() { areServed = false }

  mutating func notePart(_ bounds: ClosedRange<Int64>, asked: Range<Int64>) {
    hasServedPart = hasServedPart || bounds.lowerBound > 0 || bounds.upperBound < asked.upperBound
    let end = bounds.upperBound + 1
    if end > reached.end { reached = (end, end >= asked.upperBound) }
  }

  /// Interprets a refused range: there is nothing there, the range ends after the file does, or the origin serves no ranges.
  ///
  /// - Parameters:
  ///   - told: the size that the refusal tells.
  ///   - size: the size that was known before.
  mutating func noteRefusal(of asked: Range<Int64>, told: Int64?, size: Int64?) {
    if let told {
      // The next request ends where the file does. If this one did so already, the origin serves no ranges.
      if asked.upperBound <= told { areServed = false }
    } else if size == nil, !reached.isAsAsked, asked.lowerBound >= reached.end {
      nothingFrom = asked.lowerBound
    } else {
      // No earlier part ended before the end that was asked for, as the last part of a file does, or more came after such a part. So the
      // whole file is read.
      areServed = false
    }
  }

  /// Whether a whole file is declined where a part was asked for: a cache answers so once after a miss, and serves ranges a moment later.
  func declinesWhole(_ size: Int64?) -> Bool {
    areServed && hasServedPart && !hasDeclinedWhole && (size ?? .max) > Self.smallFile
  }

  mutating func noteDeclined() { hasDeclinedWhole = true }
}
