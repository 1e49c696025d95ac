import Testing

@testable import Transfer

@Suite struct ReadAheadTests {
  private let block = BlockCache.blockSize
  private let size: Int64 = 100 << 20

  private func bytes(_ blocks: Range<Int64>) -> Int64 { Int64(blocks.count) * block }

  @Test func aShortReadAfterAJumpFetchesWhatMostKeyframesNeed() {
    var ahead = ReadAhead()
    let blocks = ahead.blocks(from: 100, until: 100 * block + 32, size: size) { _ in false }
    #expect(blocks.lowerBound == 100)
    #expect(bytes(blocks) == 256 * 1024)
  }

  @Test func aLongReadFetchesWhatItAsksFor() {
    var ahead = ReadAhead()
    #expect(bytes(ahead.blocks(from: 100, until: 100 * block + 300_000, size: size) { _ in false }) == 19 * block)
  }

  @Test func theNextJumpFetchesWhatTheLastOneNeeded() {
    var ahead = ReadAhead()
    let first = ahead.blocks(from: 100, until: 100 * block + 32, size: size) { _ in false }
    ahead.fetched(until: first.upperBound)
    ahead.read(until: 100 * block + 100_000)
    #expect(bytes(ahead.blocks(from: 500, until: 500 * block + 32, size: size) { _ in false }) == 8 * block)
    // A head of something tells nothing of keyframes.
    ahead.read(until: 500 * block + 700)
    #expect(bytes(ahead.blocks(from: 900, until: 900 * block + 32, size: size) { _ in false }) == 8 * block)
  }

  @Test func readsThatFollowEachOtherFetchMoreAndMore() {
    var ahead = ReadAhead()
    var next = ahead.blocks(from: 0, until: 32, size: size) { _ in false }.upperBound
    var windows: [Int64] = []
    for _ in 0..<8 {
      ahead.fetched(until: next)
      let blocks = ahead.blocks(from: next, until: next * block + 32, size: size) { _ in false }
      windows.append(bytes(blocks) / 1024)
      next = blocks.upperBound
    }
    #expect(windows == [64, 128, 256, 512, 1024, 2048, 2048, 2048])
  }

  @Test func anAnnouncedRangeComesInOnePiece() {
    var ahead = ReadAhead()
    ahead.expected = 1_000_000..<5_000_000
    let blocks = ahead.blocks(from: 1_000_000 / block, until: 1_000_032, size: size) { _ in false }
    #expect(blocks.upperBound * block >= 5_000_000)
    // But no more than sixteen megabytes.
    ahead.expected = 0..<size
    #expect(bytes(ahead.blocks(from: 0, until: 32, size: size) { _ in false }) == 16 << 20)
  }

  @Test func theVeryEndComesWithWhatIsBeforeIt() {
    var ahead = ReadAhead()
    let last = size / block - 1
    #expect(ahead.blocks(from: last, until: size, size: size) { _ in false } == last - 3..<last + 1)
    #expect(ahead.blocks(from: last, until: size, size: size) { $0 == last - 2 } == last - 1..<last + 1)
    var small = ReadAhead()
    #expect(small.blocks(from: 0, until: 10, size: 10) { _ in false } == 0..<1)
  }

  @Test func whatIsThereIsNotFetchedAgain() {
    var ahead = ReadAhead()
    #expect(ahead.blocks(from: 100, until: 100 * block + 32, size: size) { $0 >= 103 } == 100..<103)
    #expect(ahead.blocks(from: 0, until: 32, size: nil) { $0 == 1 } == 0..<1)
  }
}
