/// Assembles consecutive bytes of a file into blocks of the cache, in whatever pieces they come.
struct BlockAssembly {
  /// The offset of the next byte wanted.
  private(set) var position: Int64
  /// The first bytes of the block that is being assembled.
  private var held: [UInt8] = []

  /// - Parameter block: the number of the first block.
  init(from block: Int64) {
    position = block * BlockCache.blockSize
  }

  /// Takes those of `bytes` that are wanted next, and stores finished blocks. `bytes` begin at the offset `start` of the file.
  mutating func take(_ bytes: ArraySlice<UInt8>, from start: Int64, into cache: inout BlockCache) {
    guard start <= position, position - start < bytes.count else { return }
    var rest = bytes.dropFirst(Int(position - start))
    position += Int64(rest.count)
    let size = Int(BlockCache.blockSize)
    while held.count + rest.count >= size {
      let missing = size - held.count
      held += rest.prefix(missing)
      rest = rest.dropFirst(missing)
      cache.store(held, at: (position - Int64(rest.count)) / BlockCache.blockSize - 1)
      held = []
    }
    held += rest
  }

  /// Stores the last block of the file, which may be short.
  func finish(into cache: inout BlockCache) {
    if !held.isEmpty { cache.store(held, at: position / BlockCache.blockSize) }
  }
}
