internal import CLibAV

/// What a codec is called in a refusal.
enum CodecName {
  /// Those FFmpeg's libraries may have no name for yet, by their sample entry or Matroska's name.
  private static let young = [
    "vvc1": "VVC (H.266)", "vvi1": "VVC (H.266)", "V_MPEGI/ISO/VVC": "VVC (H.266)", "evc1": "EVC (MPEG-5)",
    "lvc1": "LCEVC (MPEG-5)",
    "apv1": "APV", "av2C": "AV2", "av02": "AV2", "uncv": "uncompressed video (ISO/IEC 23001-17)", "j2ki": "JPEG 2000 in fields",
    "drmi": "a protected one (FairPlay)", "V_UNCOMPRESSED": "uncompressed video",
  ]

  /// - Parameters:
  ///   - id: FFmpeg's own number of the codec, none where it does not know it.
  ///   - tag: four characters, lowest byte first.
  ///   - text: the name in a Matroska file.
  static func inWords(_ id: AVCodecID, tag: UInt32, text: String?) -> String {
    let characters = (0..<4).map { UInt8(truncatingIfNeeded: tag >> UInt32(8 * $0)) }
    let four = String(decoding: characters.filter { (0x20..<0x7f).contains($0) }, as: UTF8.self)
    if let name = young[four] ?? text.flatMap({ young[$0] }) { return name }
    if id == AV_CODEC_ID_VVC { return "VVC (H.266)" }
    if id != AV_CODEC_ID_NONE, let known = unsafe avcodec_descriptor_get(id) {
      let short = unsafe String(cString: known.pointee.name)
      return unsafe known.pointee.long_name.map { unsafe "\(String(cString: $0)) (\(short))" } ?? short
    }
    let printable = text?.filter { $0.isASCII && !$0.isNewline }.prefix(40) ?? ""
    return four.isEmpty && printable.isEmpty ? "of an unknown name" : "\"\(printable.isEmpty ? four : String(printable))\""
  }
}
