internal import Decoding

/// Finds the further files in a file, if several were put one behind another, each with a head of its own: links of a chain in Ogg (RFC 3533,
/// 4), recordings that a program appended. libavformat reads the first one only.
struct FileParts {
  let source: any ByteSource
  /// libavformat's name.
  let container: String

  /// The most elements to look at in search of a part.
  private static let maximumElements = 64

  /// Where the next file after the one at `start` begins; nil if there is none, or its place is not told.
  func next(after start: Int64) throws -> Int64? {
    guard let size = source.size else { return nil }
    if container == "ogg" { return try nextLink(after: start, size: size) }
    var place = start
    for _ in 0..<Self.maximumElements {
      guard let end = try end(ofElementAt: place), end > place, end < size else { return nil }
      place = end
      if LeadingJunk.begins(at: 0, in: try source.upTo(16, at: place)) { return place }
    }
    return nil
  }

  /// Where an element of the top level ends; nil if that is not told.
  private func end(ofElementAt place: Int64) throws -> Int64? {
    if container.hasPrefix("mov") { return try BoxHeader.read(at: place, in: source)?.body?.upperBound }
    if container.hasPrefix("matroska") {
      var reader = EBMLReader(source)
      return try reader.element(at: place)?.body?.upperBound
    }
    // A list of AVI begins with four bytes for its kind and four for the size of the rest, an object of ASF with 16 and eight for its own size.
    // The lowest byte of a size comes first.
    guard let (size, behind) = ["avi": (4..<8, 8), "asf": (16..<24, 0)][container] else { return nil }
    let head = try source.upTo(size.upperBound, at: place)
    guard head.count == size.upperBound, head[size.upperBound - 1] < 0x80 || size.count < 8 else { return nil }
    let told = [UInt8](head[size].reversed()).bigEndian(0..<size.count)
    let (end, overflows) = told.addingReportingOverflow(place + Int64(behind))
    return overflows ? nil : end
  }

  /// Whether an Ogg file ends in other streams than those with which it begins.
  func areChain() throws -> Bool {
    guard container == "ogg", let size = source.size else { return false }
    let last = try PieceSearch.page.last(from: max(0, size - Self.longestPage), in: source)
    guard let last, let page = try page(from: last) else { return false }
    return try !streams(from: 0).numbers.contains(page.stream)
  }

  /// The most bytes of a page of Ogg (RFC 3533, 6).
  private static let longestPage: Int64 = 65_307

  /// The streams that begin at a place, and where the last of them begins.
  private func streams(from start: Int64) throws -> (numbers: Set<[UInt8]>, last: Int64) {
    var (numbers, last): (Set<[UInt8]>, Int64) = ([], start)
    while let page = try page(from: last), page.begins {
      numbers.insert(page.stream)
      last = page.place + 1
    }
    return (numbers, last)
  }

  /// Each stream has a number of its own. All streams of a link begin before any goes on, so the last page that belongs to the streams at
  /// `start` is searched for by halves.
  private func nextLink(after start: Int64, size: Int64) throws -> Int64? {
    var (streams, low) = try streams(from: start)
    var high = size
    while high - low > 1 {
      let middle = (low + high) / 2
      if let page = try page(from: middle), page.place < high, streams.contains(page.stream) {
        low = page.place
      } else {
        high = middle
      }
    }
    guard let page = try page(from: high), page.begins else { return nil }
    return page.place
  }

  private func page(from offset: Int64) throws -> (place: Int64, begins: Bool, stream: [UInt8])? {
    guard let place = try PieceSearch.page.next(from: offset, in: source) else { return nil }
    let head = try source.upTo(18, at: place)
    return head.count == 18 ? (place, head[5] & 2 != 0, Array(head[14...])) : nil
  }
}
