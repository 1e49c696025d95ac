internal import Decoding

/// Finds the next piece of a file that can be read with only the file's head before it: a cluster of Matroska (RFC 9559, 5.1.3), a fragment
/// of an ISO base media file (ISO/IEC 14496-12, 8.8.4), a keyframe's tag of FLV (Adobe Flash Video File Format Specification, E.4.1), a
/// keyframe's chunk of a Dahua camera (libavformat's dhav.c), a page of Ogg (RFC 3533, 6).
enum PieceSearch {
  case cluster, fragment, tag, chunk, page

  /// How far to search, and how much to read at once, in bytes.
  static let reach = 8 << 20
  private static let step = 64 * 1024
  /// The search ends after this number of false matches.
  private static let patience = 100
  /// How many bytes identify a piece.
  private static let signLength = 16

  /// The offset of the next piece at or after `offset`; nil if there is none near.
  func next(from offset: Int64, in source: any ByteSource) throws -> Int64? {
    var start = offset
    var lookalikes = 0
    return try look(from: offset, in: source) { bytes, range in
      defer { start += Int64(range.count) }
      return try range.first { index in
        guard begins(at: index, in: bytes), lookalikes < Self.patience else { return false }
        if try isWhole(index, in: bytes, at: start + Int64(index), in: source) { return true }
        lookalikes += 1
        return false
      }
    }
  }

  /// The few bytes that identify a tag of FLV also occur within pictures, so the size after the tag has to match, too.
  private func isWhole(_ index: Int, in bytes: [UInt8], at place: Int64, in source: any ByteSource) throws -> Bool {
    guard case .tag = self else { return true }
    let size = 11 + bytes.bigEndian(index + 1..<index + 4)
    let behind = try source.upTo(4, at: place + size)
    return behind.count == 4 && behind.bigEndian(0..<4) == size
  }

  /// The offset of the last piece at or after `offset`; nil if there is none near.
  func last(from offset: Int64, in source: any ByteSource) throws -> Int64? {
    var found: Int64?
    var start = offset
    _ = try look(from: offset, in: source) { bytes, range in
      if let last = range.last(where: { begins(at: $0, in: bytes) }) { found = start + Int64(last) }
      start += Int64(range.count)
      return nil
    }
    return found
  }

  private func look(from offset: Int64, in source: any ByteSource, _ pick: ([UInt8], Range<Int>) throws -> Int?) throws
    -> Int64?
  {
    var start = offset
    while start < offset + Int64(Self.reach) {
      let bytes = try source.upTo(Self.step + Self.signLength, at: start)
      let last = bytes.count - Self.signLength
      guard last > 0 else { return nil }
      if let found = try pick(bytes, 0..<last) { return start + Int64(found) }
      start += Int64(last)
    }
    return nil
  }

  /// The header of an element of that many bytes, header included, that readers skip; empty if there is no room for it.
  func void(bytes: Int64) -> [UInt8] {
    func number(_ value: Int64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> Int64(56 - 8 * $0)) } }
    guard bytes >= 16 else { return [] }
    switch self {
    case .cluster: return [0xEC] + number((bytes - 9) | 1 << 56)
    case .fragment: return [0, 0, 0, 1] + Array("free".utf8) + number(bytes)
    case .tag, .chunk, .page: return []
    }
  }

  private func begins(at index: Int, in bytes: [UInt8]) -> Bool {
    switch self {
    case .cluster:
      guard bytes[index] == 0x1F, bytes[index + 1] == 0x43, bytes[index + 2] == 0xB6, bytes[index + 3] == 0x75,
        bytes[index + 4] != 0
      else { return false }
      // The first element in a cluster is its time, its position, the size of the previous one, a checksum or a void.
      return [0xE7, 0xA7, 0xAB, 0xBF, 0xEC].contains(bytes[index + 5 + bytes[index + 4].leadingZeroBitCount])
    case .fragment:
      return bytes[index + 4] == 0x6D && bytes[index + 4..<index + 8].elementsEqual("moof".utf8)
        && bytes[index + 12..<index + 16].elementsEqual("mfhd".utf8)
    case .tag:
      // A video tag of stream 0 with a keyframe of any codec; with H.264, one that has a picture, and not only its parameters.
      guard bytes[index] == 9, bytes[index + 8] | bytes[index + 9] | bytes[index + 10] == 0, bytes[index + 11] >> 4 == 1
      else { return false }
      return bytes[index + 11] != 0x17 || bytes[index + 12] == 1
    case .chunk: return bytes[index + 4] == 0xFD && bytes[index..<index + 4].elementsEqual("DHAV".utf8)
    case .page: return bytes[index] == 0x4F && bytes[index..<index + 5].elementsEqual("OggS\0".utf8)
    }
  }
}
