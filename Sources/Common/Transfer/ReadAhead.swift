/// Decides how much of a remote file to fetch for a read, in blocks of the cache.
///
/// An announced range is fetched in one piece. Otherwise the read is extended by a window: a small one if a jump asks for much itself; a
/// larger one, learned from the jumps before, if it asks for a little of something of unknown size (a fragment, a cluster); a growing one
/// while reads are sequential. A jump to the very end looks for an index that ends there, so some blocks before are fetched, too.
struct ReadAhead {
  /// Where the reader has said that the next reads will be.
  var expected: Range<Int64>?
  private var nextSequential: Int64 = -1
  private var window = ReadAhead.smallestWindow
  private var jumpWindow = ReadAhead.firstJumpWindow
  /// The start of the last jump to something of unknown size, and the end of the reads that followed it.
  private var run: (start: Int64, end: Int64)?

  private static let smallestWindow: Int64 = 64 * 1024
  private static let largestWindow: Int64 = 2 * 1024 * 1024
  /// Most keyframes fit into this with what leads to them. From the second jump on, the window is what the last one needed and a quarter
  /// more.
  private static let firstJumpWindow: Int64 = 256 * 1024
  private static let jumpWindows: ClosedRange<Int64> = (64 * 1024)...(512 * 1024)
  /// A read of more than this is taken to ask for all it needs.
  private static let littleBytes: Int64 = 64 * 1024
  private static let tailBlocks: Int64 = 3
  /// The longest range to ask for at once.
  private static let largestRequest: Int64 = 16 * 1024 * 1024

  /// The blocks to fetch for a read that begins in block `number`, which is not in the cache.
  ///
  /// - Parameters:
  ///   - end: the offset at which the read has to end.
  ///   - size: the size of the file; nil if it is not known.
  mutating func blocks(from number: Int64, until end: Int64, size: Int64?, isCached: (Int64) -> Bool) -> Range<Int64> {
    let isJump = number != nextSequential
    window = isJump ? Self.smallestWindow / 2 : min(window * 2, Self.largestWindow)
    if isJump { endRun() }
    let wantsLittle = end - number * BlockCache.blockSize <= Self.littleBytes
    let beyond = if !isJump { window } else if wantsLittle { jumpWindow } else { Self.smallestWindow }
    let total = size.map { Self.blockCount($0) }
    var first = number
    if isJump, number + 1 == total {
      while first > 0, number - first < Self.tailBlocks, !isCached(first - 1) { first -= 1 }
    }
    let start = first * BlockCache.blockSize
    var wanted = end - start
    if let expected, expected.contains(start) || expected.contains(end - 1) {
      wanted = max(wanted, expected.upperBound - start)
    } else {
      wanted = max(wanted, beyond)
      if isJump && wantsLittle && first == number { run = (start, start) }
    }
    var count = max(1, Self.blockCount(min(wanted, Self.largestRequest)))
    if let total { count = max(1, min(count, total - first)) }
    let last = (first + 1..<first + count).first(where: isCached) ?? first + count
    return first..<last
  }

  /// Must be called when everything up to block `end` has been fetched.
  mutating func fetched(until end: Int64) { nextSequential = end }

  /// Must be called with the offset up to which bytes of the cache have been read.
  mutating func read(until offset: Int64) {
    guard let run, offset > run.start else { return }
    self.run = (run.start, max(run.end, offset))
  }

  private mutating func endRun() {
    // Less than a block was a header, not a keyframe.
    if let run, run.end - run.start > BlockCache.blockSize {
      let needed = (run.end - run.start) * 5 / 4
      jumpWindow = min(max(needed, Self.jumpWindows.lowerBound), Self.jumpWindows.upperBound)
    }
    run = nil
  }

  private static func blockCount(_ bytes: Int64) -> Int64 { (bytes + BlockCache.blockSize - 1) / BlockCache.blockSize }
}
