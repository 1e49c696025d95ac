internal import CLibAV

/// How a video stream's codec is called, for people: the one word everybody knows it by, and the four letters the file has for it.
enum CodecName {
  /// `CineForm video (CFHD) is not read`.
  static func refusal(_ parameters: UnsafePointer<AVCodecParameters>) -> String {
    let id = unsafe parameters.pointee.codec_id
    let tag = unsafe parameters.pointee.codec_tag
    // A tag the tables of this libavformat do not know is all there is to go by.
    let fourLetters = letters(of: tag)
    let known = unsafe avcodec_descriptor_get(id).map { unsafe String(cString: $0.pointee.name) }
    let name = known.map { commonNames[$0] ?? $0 } ?? fourLetters.flatMap { commonNames[$0.lowercased()] } ?? "this"
    let word = fourLetters ?? known
    return word.map { "\(name) video (\($0)) is not read" } ?? "the video's codec is not read"
  }

  /// Nil where the tag is no text.
  private static func letters(of tag: UInt32) -> String? {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: tag >> (8 * $0)) }
    return bytes.allSatisfy { (0x20...0x7e).contains($0) } ? String(decoding: bytes, as: UTF8.self) : nil
  }

  private static let commonNames = [
    "vvc": "VVC", "vvc1": "VVC", "vvi1": "VVC", "evc": "EVC", "evc1": "EVC", "lvc1": "LC EVC", "avs2": "AVS2", "avs3": "AVS3",
    "cfhd": "CineForm", "jpeg2000": "JPEG 2000", "dvvideo": "DV", "qtrle": "QuickTime Animation", "svq1": "Sorenson 1",
    "svq3": "Sorenson 3", "ffv1": "FFV1", "utvideo": "Ut", "rv40": "RealVideo", "rv30": "RealVideo", "hap": "Hap",
    "vp6": "VP6", "vp6f": "VP6", "vp6a": "VP6", "braw": "Blackmagic RAW", "aprn": "ProRes RAW", "aprh": "ProRes RAW",
    "apv1": "APV", "jxs": "JPEG XS",
  ]
}
