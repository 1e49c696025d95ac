internal import Decoding

/// Bytes before a video that do not belong to it: the rest of a broken upload, a proxy's error page, half a packet. libavformat rejects
/// such files, or looks for their index at the wrong places.
enum LeadingJunk {
  /// How far into the file a container's beginning is searched, in bytes.
  private static let range = 64 * 1024
  /// How many packets of a transport stream have to follow each other.
  private static let packets = 5

  /// Where in the first 64 KiB a container begins; nil if it begins at once or is not found.
  static func length(in source: any ByteSource) throws -> Int64? {
    // A little more than the range, to recognise a container at its end.
    let bytes = try source.upTo(range + packets * longestPacket, at: 0)
    if let tag = try tagLength(in: source) { return tag }
    return bytes.indices.prefix(range).first { begins(at: $0, in: bytes) }.flatMap { $0 > 0 ? Int64($0) : nil }
  }

  /// The length of an ID3 tag of sound files (ID3v2.4, 3.1) with a container after it; nil if there is none. libavformat skips the tag, but
  /// then reads MP4's samples at the wrong places.
  static func tagLength(in source: any ByteSource) throws -> Int64? {
    let head = try source.upTo(10, at: 0)
    guard head.count == 10, has(Array("ID3".utf8), at: 0, in: head), head[6...].allSatisfy({ $0 < 0x80 }) else { return nil }
    let length = 10 + head[6...].reduce(Int64(0)) { $0 << 7 | Int64($1) }
    return begins(at: 0, in: try source.upTo(packets * longestPacket, at: length)) ? length : nil
  }

  /// The offset of the first packet of a transport stream at or after `offset`; nil if there is none near.
  static func transportPacket(from offset: Int64, in source: any ByteSource) throws -> Int64? {
    let bytes = try source.upTo(range, at: offset)
    return bytes.indices.first { isTransportStream(at: $0, in: bytes) }.map { offset + Int64($0) }
  }

  /// Whether a container's first bytes are there.
  static func begins(at start: Int, in bytes: [UInt8]) -> Bool {
    guard start < bytes.count else { return false }
    return switch bytes[start] {
    // Matroska and WebM (EBML), FLV, AVI, Ogg, ASF.
    case 0x1a: has([0x1a, 0x45, 0xdf, 0xa3], at: start, in: bytes)
    case 0x46: has([0x46, 0x4c, 0x56, 0x01], at: start, in: bytes)
    case 0x52: has(Array("RIFF".utf8), at: start, in: bytes) && has(Array("AVI ".utf8), at: start + 8, in: bytes)
    case 0x4f: has(Array("OggS\0".utf8), at: start, in: bytes)
    case 0x30: has([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11], at: start, in: bytes)
    case 0x47: isTransportStream(at: start, in: bytes)
    // MP4: the size of the first box, which is small, and its type.
    case 0x00: has([0, 0], at: start, in: bytes) && has(Array("ftyp".utf8), at: start + 4, in: bytes)
    default: false
    }
  }

  private static func isTransportStream(at start: Int, in bytes: [UInt8]) -> Bool { packetBytes(at: start, in: bytes) != nil }

  /// MPEG-TS (ISO/IEC 13818-1) has packets of 188 bytes that begin with 0x47, with four bytes of time before each on Blu-ray discs and from
  /// camcorders, or 16 bytes behind each that correct errors of a broadcast (DVB).
  private static let packetSizes = [188, 192, longestPacket]
  private static let longestPacket = 204

  /// The size of the packets of MPEG-TS; nil if there are none here.
  static func packetBytes(at start: Int, in bytes: [UInt8]) -> Int? {
    packetSizes.first { size in
      (0..<packets).allSatisfy { start + $0 * size < bytes.count && bytes[start + $0 * size] == 0x47 }
    }
  }

  private static func has(_ sign: [UInt8], at start: Int, in bytes: [UInt8]) -> Bool {
    start + sign.count <= bytes.count && bytes[start..<(start + sign.count)].elementsEqual(sign)
  }
}
