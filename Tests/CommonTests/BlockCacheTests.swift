import Testing

@testable import Transfer

@Suite struct BlockCacheTests {
  @Test func theCacheLetsTheOldestGoAndNothingElse() {
    var cache = BlockCache()
    for number in 0..<Int64(BlockCache.maximumBlocks) { cache.store([1], at: number) }
    cache.makeRoom(for: 1)
    #expect(cache[0] == nil)
    #expect(cache[Int64(BlockCache.maximumBlocks) - 1] != nil)
    cache.makeRoom(for: BlockCache.maximumBlocks)
    for number in 0..<Int64(BlockCache.maximumBlocks) { cache.store([2], at: 10_000 + number) }
    #expect((0..<Int64(BlockCache.maximumBlocks)).allSatisfy { cache[10_000 + $0] == [2] })
  }
}
