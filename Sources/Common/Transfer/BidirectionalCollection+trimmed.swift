extension BidirectionalCollection where Element == UInt8 {
  /// Without leading and trailing white space of ASCII: space, tab, and the characters that end a line or a page.
  func trimmed() -> SubSequence {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let start = self[...].drop(while: isSpace)
    guard let last = start.lastIndex(where: { !isSpace($0) }) else { return self[endIndex...] }
    return start[...last]
  }
}
