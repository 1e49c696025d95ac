import Testing

@testable import Media

@Suite struct FlashCodecTests {
  /// A file with a tag of data, one of sound, and then a picture that begins with these bytes.
  private func file(_ picture: [UInt8], kind: UInt8 = 9) -> LeadingJunkTests.Bytes {
    func tag(_ kind: UInt8, _ body: [UInt8]) -> [UInt8] {
      [kind, 0, 0, UInt8(body.count), 0, 0, 0, 0, 0, 0, 0] + body + [0, 0, 0, UInt8(11 + body.count)]
    }
    let head = Array("FLV".utf8) + [1, 5, 0, 0, 0, 9, 0, 0, 0, 0]
    return LeadingJunkTests.Bytes(head + tag(18, [1, 2, 3]) + tag(8, [0xaf, 0]) + tag(kind, picture + [0, 0, 0, 0, 0]))
  }

  @Test(arguments: [
    ([0x1c, 0], "none", "HEVC in FLV (12)"), ([0x1d, 0], "none", "AV1 in FLV (13)"),
    ([0x90] + Array("hvc1".utf8), "none", "HEVC in FLV (hvc1)"),
    ([0x90] + Array("av01".utf8), "flashsv", "AV1 in FLV (av01)"), ([0x90] + Array("hvc1".utf8), "hevc", nil),
    ([0x17, 0], "h264", nil),
  ])
  func whatLibavformatDoesNotKnowIsNamed(picture: [UInt8], known: String, words: String?) throws {
    let sentence = try FlashCodec.sentence(in: file(picture), known: known)
    if let words { #expect(sentence?.contains(words) == true) } else { #expect(sentence == nil) }
  }

  @Test func encryptedPicturesAreNamed() throws {
    #expect(try FlashCodec.sentence(in: file([0x17, 1], kind: 0x29), known: "h264") == "the video is encrypted")
  }

  @Test func filesThatEndOrAreOthersAreNoneOfThese() throws {
    let whole = file([0x1c, 0]).all
    for count in 0..<whole.count - 9 {
      #expect(try FlashCodec.sentence(in: LeadingJunkTests.Bytes(Array(whole[..<count])), known: "none") == nil)
    }
    #expect(
      try FlashCodec.sentence(in: LeadingJunkTests.Bytes(Array("FLV".utf8) + [UInt8](repeating: 0, count: 9000)), known: "none")
        == nil)
  }
}
