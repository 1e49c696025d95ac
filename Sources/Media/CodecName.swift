internal import CLibAV

/// Names a video stream's codec for people: by its common name and by the four letters in the file.
enum CodecName {
  /// `VVC video (vvc1) is not read: …`
  ///
  /// - Parameters:
  ///   - text: the name of the codec in a Matroska file; nil in others.
  ///   - isRead: whether other streams of this codec are read.
  static func refusal(_ parameters: UnsafePointer<AVCodecParameters>, text: String?, isRead: Bool) -> String {
    let id = unsafe parameters.pointee.codec_id
    let tag = unsafe parameters.pointee.codec_tag
    // If the tables of this libavformat do not have the tag, the tag is all there is to name the codec by.
    let fourLetters = letters(of: tag)
    if let fourLetters, ["encv", "drmi"].contains(fourLetters) {
      return "the video is encrypted (\(fourLetters)): a file without protection is needed"
    }
    let known = unsafe avcodec_descriptor_get(id).map { unsafe String(cString: $0.pointee.name) }
    let printable = text.map { String($0.filter { $0.isASCII && !$0.isNewline }.prefix(40)) }
    let word = fourLetters ?? printable ?? known
    let name = known.map { commonNames[$0] ?? $0 } ?? word.flatMap { commonNames[$0.lowercased()] } ?? "this"
    let what = word.map { "\(name) video (\($0))" } ?? "the video's codec"
    return isRead
      ? "\(what) cannot be decoded: its head is damaged, or it is of a kind that is not read"
      : "\(what) is not read: convert it, to H.264 or AV1, say"
  }

  /// The four letters of a tag; nil if they are not printable.
  static func letters(of tag: UInt32) -> String? {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: tag >> (8 * $0)) }
    return bytes.allSatisfy { (0x20...0x7e).contains($0) } ? String(decoding: bytes, as: UTF8.self) : nil
  }

  private static let commonNames = [
    "vvc": "VVC", "vvc1": "VVC", "vvi1": "VVC", "evc": "EVC", "evc1": "EVC", "lvc1": "LC EVC", "avs2": "AVS2", "avs3": "AVS3",
    "v_mpegi/iso/vvc": "VVC", "brxq": "Blackmagic RAW",
    "brhq": "Blackmagic RAW", "brst": "Blackmagic RAW", "brs2": "Blackmagic RAW", "brvn": "Blackmagic RAW", "craw": "Canon RAW",
    "aprn": "ProRes RAW",
    "aprh": "ProRes RAW", "apv1": "APV", "jxs": "JPEG XS", "av2c": "AV2", "av02": "AV2",
    "uncv": "uncompressed (ISO/IEC 23001-17)",
    "j2ki": "JPEG 2000 in fields", "v_uncompressed": "uncompressed",
  ]
}
