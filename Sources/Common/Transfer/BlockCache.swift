/// What has been read of a file, in blocks of equal size; the oldest go when it is full.
struct BlockCache {
  static let blockSize: Int64 = 16 * 1024
  /// 24 MiB: the index of an hour of video and a few keyframes at the same time.
  static let maximumBlocks = 1536

  private var blocks: [Int64: [UInt8]] = [:]
  private var order: [Int64] = []

  /// The block with this number; the last one of a file may be short.
  subscript(number: Int64) -> [UInt8]? { blocks[number] }

  mutating func store(_ block: [UInt8], at number: Int64) {
    if blocks.updateValue(block, forKey: number) == nil { order.append(number) }
    if order.count > Self.maximumBlocks {
      // Half at once, so that the cost of shifting stays small.
      let victims = order.prefix(order.count / 2)
      for victim in victims { blocks[victim] = nil }
      order.removeFirst(victims.count)
    }
  }
}
