internal import Decoding

/// Reads the elements of a Matroska file (EBML, RFC 8794).
struct EBMLReader {
  private let source: any ByteSource
  private var elements = 0

  /// The most elements that are read, since a hostile file may have any number.
  private static let maximumElements = 20_000

  init(_ source: any ByteSource) {
    self.source = source
  }

  struct Element {
    let id: Int64
    /// The first byte after its header.
    let start: Int64
    /// Nil if the size is unknown.
    let body: Range<Int64>?
  }

  /// The elements in a range, up to the first one that does not fit into it.
  mutating func children(of range: Range<Int64>) throws -> [Element] {
    var found: [Element] = []
    var offset = range.lowerBound
    while offset < range.upperBound, let part = try element(at: offset), let body = part.body,
      body.upperBound <= range.upperBound
    {
      found.append(part)
      offset = body.upperBound
    }
    return found
  }

  /// The element at a place; nil if there is none, or too many have been read.
  mutating func element(at offset: Int64) throws -> Element? {
    elements += 1
    guard elements <= Self.maximumElements else { return nil }
    let bytes = try source.upTo(12, at: offset)
    guard let first = bytes.first, first.leadingZeroBitCount < 4 else { return nil }
    let idLength = first.leadingZeroBitCount + 1
    guard bytes.count > idLength, bytes[idLength] != 0 else { return nil }
    let sizeLength = bytes[idLength].leadingZeroBitCount + 1
    guard bytes.count >= idLength + sizeLength else { return nil }
    let mask = Int64(1) << Int64(7 * sizeLength) - 1
    let size = bytes.bigEndian(idLength..<idLength + sizeLength) & mask
    let start = offset + Int64(idLength + sizeLength)
    return Element(id: bytes.bigEndian(0..<idLength), start: start, body: size == mask ? nil : start..<start + size)
  }

  /// A floating-point number; 0 if the element is none.
  func real(_ element: Element) throws -> Double {
    guard let body = element.body else { return 0 }
    let bytes = try source.upTo(min(Int(body.upperBound - body.lowerBound), 9), at: body.lowerBound)
    switch bytes.count {
    case 4: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bytes.bigEndian(0..<4))))
    case 8: return Double(bitPattern: UInt64(bitPattern: bytes.bigEndian(0..<8)))
    default: return 0
    }
  }

  /// The first 64 bytes of a text.
  func text(_ element: Element) throws -> String {
    guard let body = element.body else { return "" }
    return String(
      decoding: try source.upTo(min(Int(body.upperBound - body.lowerBound), 64), at: body.lowerBound), as: UTF8.self)
  }

  /// An unsigned number; 0 if the element is none.
  func integer(_ element: Element) throws -> Int64 {
    guard let body = element.body, (1...8).contains(body.upperBound - body.lowerBound) else { return 0 }
    let bytes = try source.upTo(Int(body.upperBound - body.lowerBound), at: body.lowerBound)
    return max(0, bytes.bigEndian(0..<bytes.count))
  }

  /// An unsigned number, cut to what the side of a picture may be.
  func number(_ element: Element) throws -> Int { Int(min(try integer(element), 1 << 20)) }
}
