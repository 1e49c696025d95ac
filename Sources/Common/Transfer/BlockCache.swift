/// Keeps what has been read of a file, in blocks of equal size. The oldest are dropped if room is needed.
struct BlockCache {
  static let blockSize: Int64 = 16 * 1024
  /// 24 MiB: enough for the index of an hour of video with a few keyframes, and more than one fetch brings.
  static let maximumBlocks = 1536

  private var blocks: [Int64: [UInt8]] = [:]
  private var order: [Int64] = []

  /// The block with this number. The last one of a file may be short.
  subscript(number: Int64) -> [UInt8]? { blocks[number] }

  /// Drops the oldest blocks, so that none of the next `count` will be: what is fetched must be there afterwards.
  mutating func makeRoom(for count: Int) {
    let excess = order.count + count - Self.maximumBlocks
    guard excess > 0 else { return }
    // Drops half of them at once, so that shifting the array costs little.
    let victims = order.prefix(max(excess, order.count / 2))
    for victim in victims { blocks[victim] = nil }
    order.removeFirst(victims.count)
  }

  mutating func store(_ block: [UInt8], at number: Int64) {
    if blocks.updateValue(block, forKey: number) == nil { order.append(number) }
  }
}
