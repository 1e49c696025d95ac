import CLibAV
import Testing

@testable import Media

/// What is said of videos that are not read.
@Suite struct RefusalTests {
  private func refusal(_ id: AVCodecID, _ tag: String, text: String? = nil, isRead: Bool = false) -> String {
    var parameters = AVCodecParameters()
    parameters.codec_id = id
    parameters.codec_tag = tag.utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    return unsafe CodecName.refusal(&parameters, text: text, isRead: isRead)
  }

  @Test func codecsAreNamedByTheirUsualNameAndByTheFilesOwn() {
    let convert = "is not read: convert it, to H.264 or AV1, say"
    #expect(refusal(AV_CODEC_ID_VVC, "vvc1") == "VVC video (vvc1) \(convert)")
    #expect(refusal(AV_CODEC_ID_NONE, "brhq") == "Blackmagic RAW video (brhq) \(convert)")
    #expect(refusal(AV_CODEC_ID_NONE, "", text: "V_MPEGI/ISO/VVC") == "VVC video (V_MPEGI/ISO/VVC) \(convert)")
    #expect(refusal(AV_CODEC_ID_NONE, "wxyz") == "this video (wxyz) \(convert)")
    #expect(refusal(AV_CODEC_ID_NONE, "") == "the video's codec \(convert)")
    #expect(
      refusal(AV_CODEC_ID_H264, "avc1", isRead: true)
        == "h264 video (avc1) cannot be decoded: its head is damaged, or it is of a kind that is not read")
  }

  /// A row shows it to anyone.
  @Test func aHostileNameIsShortAndPrintable() {
    let name = "V_\n找" + String(repeating: "x", count: 100)
    #expect(refusal(AV_CODEC_ID_NONE, "", text: name).hasPrefix("this video (V_" + String(repeating: "x", count: 38) + ") is"))
  }

  @Test("by FairPlay, or by Common Encryption", arguments: ["drmi", "encv"])
  func encrypted(tag: String) {
    #expect(refusal(AV_CODEC_ID_H264, tag).hasPrefix("the video is encrypted (\(tag))"))
  }

  @Test func aMovieOfReferencesIsNamed() throws {
    let box: (String, [[UInt8]]) -> [UInt8] = MovieTracksTests.box
    let kind = box("ftyp", [Array("qt  ".utf8), [0, 0, 0, 0]])
    func movie(_ part: [UInt8]) -> LeadingJunkTests.Bytes { .init(kind + box("moov", [part])) }
    let (elsewhere, here) = (box("url ", [[0, 0, 0, 0]]), box("url ", [[0, 0, 0, 1]]))
    func references(_ list: [[UInt8]]) -> [UInt8] { box("dref", [[0, 0, 0, 0, 0, 0, 0, 1]] + list) }
    #expect(try MovieReference.sentence(in: movie(box("rmra", [elsewhere])))?.contains("reference movie") == true)
    #expect(try MovieReference.sentence(in: movie(references([elsewhere])))?.contains("reference movie") == true)
    #expect(try MovieReference.sentence(in: movie(references([here]))) == nil)
    #expect(try MovieReference.sentence(in: movie(references([here]) + references([elsewhere]))) == nil, "some of it is here")
    #expect(try MovieReference.sentence(in: movie(box("free", [elsewhere]))) == nil)
  }
}
