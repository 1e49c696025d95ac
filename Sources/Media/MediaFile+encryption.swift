internal import CLibAV
internal import Decoding

extension MediaFile {
  /// Whether the file's head says that the track's samples are encrypted, and not which of them. They may decode to noise without an error,
  /// and players refuse the file. Matroska says so by `ContentEncryption`, of which libavformat passes on the key's name.
  var isEncrypted: Bool {
    get throws {
      if unsafe av_dict_get(stream.pointee.metadata, "enc_key_id", nil, 0) != nil || hint.isProtected { return true }
      if unsafe containerName == "mpegts" && parameters.pointee.codec_tag == Self.sampleAES { return true }
      guard let licences = Self.licences[containerName] else { return false }
      // The head of an ASF file tells its own size, little-endian.
      let told = try reader.source.upTo(4, at: 16).reversed().reduce(0) { $0 << 8 | Int($1) }
      let head = try reader.source.upTo(containerName == "asf" ? min(told, Self.looked) : Self.lookedInMXF, at: 0)
      return licences.contains { licence in
        head.indices.contains { head[$0] == licence[0] && head[$0...].starts(with: licence) }
      }
    }
  }

  /// Whether the header names a key system of Common Encryption (ISO/IEC 23001-7), and the track may need it. The samples themselves say
  /// whether they are encrypted.
  private var namesKeySystem: Bool {
    unsafe hint.mayBeEncrypted && sideData(AV_PKT_DATA_ENCRYPTION_INIT_INFO) { _, _ in true } ?? false
  }

  /// Whether the file is an MP4 that names a key system, a transport stream most of whose packets are scrambled, or a program stream of which
  /// many are, as on a DVD. Asked only if nothing sound could be decoded, since some files name
  /// licences that they do not need.
  func isScrambled() throws -> Bool {
    if namesKeySystem { return true }
    switch containerName {
    case "mpegts": return try Self.isScrambledTransport(reader.source)
    default: return try isScrambledDVD()
    }
  }

  /// Whether it is a transport stream of which most packets are scrambled, or most heads of video say so.
  static func isScrambledTransport(_ source: any ByteSource) throws -> Bool {
    guard let start = try LeadingJunk.transportPacket(from: 0, in: source) else { return false }
    let bytes = try source.upTo(looked, at: start)
    let packets = stride(from: 0, to: bytes.count, by: LeadingJunk.packetBytes(at: 0, in: bytes) ?? 188)
      .map { bytes[$0..<min($0 + 188, bytes.count)] }.filter { $0.count == 188 }
    // Two bits in the header of each packet (ISO/IEC 13818-1, `transport_scrambling_control`). Tables and null packets are never
    // scrambled.
    if packets.count(where: { $0[$0.startIndex + 3] & 0xc0 != 0 }) > packets.count / 2 { return true }
    // The same two bits as on a DVD (`PES_scrambling_control`), where a packet begins with a head of video.
    let controls = packets.compactMap { packet -> UInt8? in
      let (flags, field) = (packet[packet.startIndex + 3], Int(packet[packet.startIndex + 4]))
      let head = packet.dropFirst(flags & 0x20 != 0 ? 5 + field : 4).prefix(7)
      guard packet[packet.startIndex + 1] & 0x40 != 0, head.count == 7, head.starts(with: [0, 0, 1]) else { return nil }
      return head[head.startIndex + 3] & 0xf0 == 0xe0 ? head[head.startIndex + 6] & 0x30 : nil
    }
    return controls.count { $0 != 0 } > controls.count / 2
  }

  /// Whether it is a program stream of which many packets are scrambled. Some of them decode to grey or green without an error, so it is
  /// also asked if no picture is good.
  func isScrambledDVD() throws -> Bool {
    guard containerName == "mpeg" else { return false }
    // Two bits in the header of each packet of video (ISO/IEC 13818-1, `PES_scrambling_control`). On a DVD, not all are scrambled.
    let bytes = try reader.source.upTo(Self.looked, at: 0)
    let heads = bytes.indices.dropLast(6).filter { bytes[$0...].starts(with: [0, 0, 1]) && bytes[$0 + 3] & 0xf0 == 0xe0 }
    let controls = heads.map { bytes[$0 + 6] }.filter { $0 & 0xc0 == 0x80 }
    return controls.count { $0 & 0x30 != 0 } > controls.count / 8
  }

  /// What is said of a video that only who has its key can see.
  static var encrypted: MediaError { MediaError(.encrypted, "the video is encrypted") }

  /// How many bytes to look at.
  private static let looked = 256 * 1024
  private static let lookedInMXF = 64 * 1024

  /// The kind of stream by which HLS names H.264 with encrypted slices (MPEG-2 Stream Encryption Format for HTTP Live Streaming, 2.1).
  private static let sampleAES: UInt32 = 0xdb

  /// What only the heads of encrypted files have: the content encryption objects of ASF (Advanced Systems Format Specification, 3.14 to 3.16;
  /// the first fields of their GUIDs are little-endian), and the cryptographic context of MXF (SMPTE 429-6, 9).
  private static let licences: [String: [[UInt8]]] = [
    "asf": [
      [0xfb, 0xb3, 0x11, 0x22, 0x23, 0xbd, 0xd2, 0x11, 0xb4, 0xb7, 0x00, 0xa0, 0xc9, 0x55, 0xfc, 0x6e],
      [0x14, 0xe6, 0x8a, 0x29, 0x22, 0x26, 0x17, 0x4c, 0xb9, 0x35, 0xda, 0xe0, 0x7e, 0xe9, 0x28, 0x9c],
      [0x33, 0x85, 0x05, 0x43, 0x81, 0x69, 0xe6, 0x49, 0x9b, 0x74, 0xad, 0x12, 0xcb, 0x86, 0xd5, 0x8c],
    ],
    "mxf": [[0x06, 0x0e, 0x2b, 0x34, 0x02, 0x53, 0x01, 0x01, 0x0d, 0x01, 0x04, 0x01, 0x02, 0x02, 0x00, 0x00]],
  ]
}
