internal import CLibAV
internal import Decoding

extension MediaFile {
  /// Whether the track's header says that its samples are encrypted: by Matroska's `ContentEncryption`, of which libavformat passes on the
  /// key's name. Each such sample begins with a byte that decoders do not expect, even if the sample itself is clear.
  var isEncrypted: Bool { unsafe av_dict_get(stream.pointee.metadata, "enc_key_id", nil, 0) != nil }

  /// Whether the header names a key system of Common Encryption (ISO/IEC 23001-7). The samples themselves say whether they are encrypted.
  private var namesKeySystem: Bool { unsafe sideData(AV_PKT_DATA_ENCRYPTION_INIT_INFO) { _, _ in true } ?? false }

  /// Whether the file is an MP4 that names a key system, an ASF file that names a licence, a transport stream most of whose packets are
  /// scrambled, or a program stream of which many are, as on a DVD. Asked only if nothing sound could be decoded, since some files name
  /// licences that they do not need.
  func isScrambled() throws -> Bool {
    if namesKeySystem { return true }
    switch containerName {
    case "asf":
      let head = try reader.source.upTo(Self.looked, at: 0)
      return Self.licences.contains { licence in
        head.indices.contains { head[$0] == licence[0] && head[$0...].starts(with: licence) }
      }
    case "mpegts":
      guard let start = try LeadingJunk.transportPacket(from: 0, in: reader.source) else { return false }
      let bytes = try reader.source.upTo(Self.looked, at: start)
      // Two bits in the header of each packet (ISO/IEC 13818-1, `transport_scrambling_control`). Tables and null packets are never
      // scrambled.
      let size = LeadingJunk.packetBytes(at: 0, in: bytes) ?? 188
      let controls = stride(from: 3, to: bytes.count, by: size).map { bytes[$0] & 0xc0 }
      return controls.count { $0 != 0 } > controls.count / 2
    default: return try isScrambledDVD()
    }
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

  /// The content encryption objects of ASF (Advanced Systems Format Specification, 3.14 to 3.16). The first fields of their GUIDs are
  /// little-endian.
  private static let licences: [[UInt8]] = [
    [0xfb, 0xb3, 0x11, 0x22, 0x23, 0xbd, 0xd2, 0x11, 0xb4, 0xb7, 0x00, 0xa0, 0xc9, 0x55, 0xfc, 0x6e],
    [0x14, 0xe6, 0x8a, 0x29, 0x22, 0x26, 0x17, 0x4c, 0xb9, 0x35, 0xda, 0xe0, 0x7e, 0xe9, 0x28, 0x9c],
    [0x33, 0x85, 0x05, 0x43, 0x81, 0x69, 0xe6, 0x49, 0x9b, 0x74, 0xad, 0x12, 0xcb, 0x86, 0xd5, 0x8c],
  ]
}
