/// Puts bytes of a file that follow each other together to blocks of the cache, however they come.
struct BlockAssembly {
  /// The next byte that is wanted.
  private(set) var position: Int64
  /// The beginning of the block the next byte belongs to.
  private var held: [UInt8] = []

  /// - Parameter block: the number of the first one.
  init(from block: Int64) {
    position = block * BlockCache.blockSize
  }

  /// Takes what is wanted of `bytes`, which begin at the byte `start` of the file; whole blocks go into the cache.
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

  /// Puts the last block of the file, which may be short, into the cache.
  func finish(into cache: inout BlockCache) {
    if !held.isEmpty { cache.store(held, at: position / BlockCache.blockSize) }
  }
}
