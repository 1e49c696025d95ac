internal import Decoding

/// Names the codec of a Flash Video file that libavformat does not know: HEVC and others with four letters (Enhanced RTMP, which FFmpeg
/// reads from 6.1 on), and with the numbers that live services in China gave them. Or says that it is encrypted. Used only when nothing could
/// be decoded.
enum FlashCodec {
  /// The most tags to read.
  private static let most = 100
  private static let head = 16
  private static let video: UInt8 = 9
  /// Besides the kind of tag, in tags that are encrypted (Adobe Flash Video File Format Specification 10.1, E.4.1).
  private static let filter: UInt8 = 0x20

  private static let names = [
    "hvc1": "HEVC", "av01": "AV1", "vp09": "VP9", "vp08": "VP8", "vvc1": "VVC", "12": "HEVC", "13": "AV1",
  ]

  /// - Parameter known: the codec that libavformat found.
  /// - Returns: nil for other kinds of files, and for codecs that libavformat knows.
  static func sentence(in source: any ByteSource, known: String) throws -> String? {
    let file = try source.upTo(9, at: 0)
    guard file.count == 9, file.starts(with: "FLV".utf8) else { return nil }
    // A tag follows the size of the one before: one byte for its kind, three for its size, seven for time and stream, then its content.
    var offset = file.bigEndian(5..<9) + 4
    for _ in 0..<most {
      let tag = try source.upTo(head, at: offset)
      guard tag.count == head else { return nil }
      if tag[0] == video | filter { return MediaFile.encrypted.description }
      if tag[0] == video {
        let word = tag[11] & 0x80 == 0 ? String(tag[11] & 15) : String(decoding: tag[12...], as: UTF8.self)
        guard let name = names[word], name.lowercased() != known else { return nil }
        return "the file has \(name) in FLV (\(word)), which is not read: put it into MP4, say, which needs no new coding"
      }
      offset += 11 + tag.bigEndian(1..<4) + 4
    }
    return nil
  }
}
