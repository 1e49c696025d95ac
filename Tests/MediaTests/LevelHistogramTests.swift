import Testing

@testable import Media

@Suite struct LevelHistogramTests {
  func histogram(_ levels: some Sequence<UInt8>) -> LevelHistogram {
    var histogram = LevelHistogram()
    for level in levels { histogram.add(level) }
    return histogram
  }

  @Test func meanAndVariance() {
    let two = histogram([0, 0, 200, 200])
    #expect(two.total == 4)
    #expect(two.mean == 100)
    #expect(two.variance == 10_000)
  }

  @Test(
    arguments: [
      ([7], 0.0), ([0, 255], 1.0 / 8), ([0, 1, 2, 3], 2.0 / 8), (Array(0...255), 1.0),
    ] as [([UInt8], Double)])
  func entropyIsThatOfTheShares(levels: [UInt8], entropy: Double) {
    #expect(abs(histogram(levels).entropy - entropy) < 1e-12)
  }

  @Test(arguments: [(0.0, 1), (0.1, 10), (0.5, 50), (0.9, 90), (0.99, 99), (1.0, 100)])
  func percentileIsTheLevelThatTheShareDoesNotExceed(share: Double, level: Int) {
    #expect(histogram(1...100).percentile(share) == level)
  }

  @Test func sharesByLevelAndByBin() {
    let levels = histogram([0, 23, 24, 255])
    #expect(levels.share(below: 24) == 0.5)
    #expect(levels.shares(bins: 2) == [0.75, 0.25])
    #expect(levels.shares(bins: 256)[23] == 0.25)
  }

  @Test func sumIsThatOfAllLevels() {
    let both = histogram([1, 2]) + histogram([2, 3])
    #expect(both.total == 4)
    #expect(both.shares(bins: 256)[2] == 0.5)
  }

  @Test func nothingIsNoFault() {
    let none = LevelHistogram()
    #expect(none.mean == 0 && none.variance == 0 && none.entropy == 0 && none.percentile(0.5) == 0 && none.share(below: 9) == 0)
  }
}
