import Testing

@testable import Media

@Suite struct KeyframeIndexTests {
  /// A video of 1,000 ticks, looked at in three places.
  private func ordered(_ entries: [(Int64, Int)]) -> [Int64] {
    KeyframeIndex(entries.map { KeyframeIndex.Entry(tick: $0.0, place: 0, bytes: $0.1) }, .beginning)
      .ordered([333, 500, 667], duration: 1000)
  }

  @Test(
    arguments: [
      // Nothing known: the places as they are.
      ([], [333, 500, 667]),
      // A seek finds what is before a place.
      ([(0, 9), (100, 9), (900, 9)], [333, 500, 667]),
      // The largest next to a place, found just before the one that follows.
      ([(320, 5), (340, 9), (480, 9), (500, 5), (667, 9)], [479, 499, 806]),
      // What next to nothing is shown in comes last, and so does a place that leads to it.
      ([(333, 1), (500, 9), (667, 9), (800, 9)], [666, 799, 499]),
      ([(0, 9), (200, 1), (500, 9), (667, 9)], [666, 866, 333]),
      // The index ends before.
      ([(0, 9), (100, 1)], [333, 500, 667]),
      // A hole, with the first and the last fragment around it: a seek there finds fragments that have not been read.
      ([(0, 9), (2, 9), (998, 9)], [333, 500, 667]),
    ] as [([(Int64, Int)], [Int64])])
  func places(_ entries: [(Int64, Int)], _ expected: [Int64]) {
    #expect(ordered(entries) == expected)
  }

  @Test func whatIsToBeSeenInABlackVideoIsLarge() {
    let entries: [(Int64, Int)] = [(0, 9), (100, 8), (200, 90), (300, 9), (400, 70), (500, 9)]
    let index = KeyframeIndex(entries.map { KeyframeIndex.Entry(tick: $0.0, place: 0, bytes: $0.1) }, .whole)
    #expect(index.largest(4) == [299, 499])
    #expect(index.largest(1) == [299])
  }

  @Test(
    arguments: [
      // The last before the place, found just before the one that follows.
      (.whole, 250, 200, 299), (.beginning, 250, 200, 299), (.whole, 900, 300, 399),
      // Nobody knows what comes behind the last one that has been read, or lies in a hole.
      (.beginning, 900, nil, nil), (.pieces, 250, nil, nil),
      (.whole, 0, 100, 199),
    ] as [(KeyframeIndex.Extent, Int64, Int64?, Int64?)])
  func lastBefore(_ extent: KeyframeIndex.Extent, _ place: Int64, _ tick: Int64?, _ target: Int64?) {
    let index = KeyframeIndex([100, 200, 300].map { KeyframeIndex.Entry(tick: $0, place: 0, bytes: 9) }, extent)
    let found = index.last(before: place)
    #expect(found?.entry.tick == tick)
    #expect(found?.target == target)
  }
}
