/// What has been read of a file, in blocks of equal size; the oldest go when room is needed.
struct BlockCache {
  static let blockSize: Int64 = 16 * 1024
  /// 24 MiB: the index of an hour of video and a few keyframes at the same time. More than one fetch brings.
  static let maximumBlocks = 1536

  private var blocks: [Int64: [UInt8]] = [:]
  private var order: [Int64] = []

  /// The block with this number; the last one of a file may be short.
  subscript(number: Int64) -> [UInt8]? { blocks[number] }

  /// Lets the oldest blocks go, so that none of the next `count` has to: what is fetched must be there afterwards.
  mutating func makeRoom(for count: Int) {
    let excess = order.count + count - Self.maximumBlocks
    guard excess > 0 else { return }
    // Half at once, so that the cost of shifting stays small.
    let victims = order.prefix(max(excess, order.count / 2))
    for victim in victims { blocks[victim] = nil }
    order.removeFirst(victims.count)
  }

  mutating func store(_ block: [UInt8], at number: Int64) {
    if blocks.updateValue(block, forKey: number) == nil { order.append(number) }
  }
}
