internal import Glibc

/// How often each of 256 levels occurs.
struct LevelHistogram {
  private var counts = [Int](repeating: 0, count: 256)

  mutating func add(_ level: UInt8) { counts[Int(level)] &+= 1 }

  static func + (left: Self, right: Self) -> Self {
    var sum = left
    for level in sum.counts.indices { sum.counts[level] += right.counts[level] }
    return sum
  }

  /// How many levels were added.
  var total: Int { counts.indices.reduce(0) { $0 + counts[$1] } }

  /// In levels; 0 if none were added.
  var mean: Double { Double(counts.indices.reduce(0) { $0 + $1 * counts[$1] }) / Double(max(total, 1)) }

  /// In levels squared.
  var variance: Double {
    let squares = counts.indices.reduce(0) { $0 + $1 * $1 * counts[$1] }
    return max(0, Double(squares) / Double(max(total, 1)) - mean * mean)
  }

  /// Shannon entropy, 0 (one level) to 1 (all levels equally often).
  var entropy: Double {
    let total = Double(max(total, 1))
    return counts.indices.reduce(0) { sum, level in
      let share = Double(counts[level]) / total
      return share > 0 ? sum - share * log2(share) : sum
    } / 8
  }

  /// The lowest level at or below which this share of all lies.
  ///
  /// - Parameter share: 0 to 1.
  func percentile(_ share: Double) -> Int {
    let wanted = max(1, Int((Double(total) * share).rounded(.toNearestOrEven)))
    var below = 0
    return counts.indices.first { level in
      below += counts[level]
      return below >= wanted
    } ?? 0
  }

  /// The share of those below a level, 0 to 1.
  func share(below level: Int) -> Double {
    Double((0..<level).reduce(0) { $0 + counts[$1] }) / Double(max(total, 1))
  }

  /// Shares in bins of equal width; their sum is 1.
  ///
  /// - Parameter bins: 1 to 256.
  func shares(bins: Int) -> [Double] {
    var result = [Double](repeating: 0, count: bins)
    let all = Double(max(total, 1))
    for level in counts.indices { result[level * bins / 256] += Double(counts[level]) / all }
    return result
  }
}
