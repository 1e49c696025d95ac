import Testing

@testable import Media

@Suite struct MotionPhotoTests {
  private typealias Bytes = LeadingJunkTests.Bytes
  private let movie: [UInt8] = [0, 0, 0, 0x20] + Array("ftypisom".utf8) + [UInt8](repeating: 0, count: 84)

  /// A JPEG whose metadata has this text, and a video of 96 bytes behind it.
  private func photograph(_ text: String) -> Bytes {
    Bytes([0xff, 0xd8, 0xff, 0xe1] + Array(text.utf8) + [UInt8](repeating: 0x55, count: 9000) + movie)
  }

  @Test(arguments: [
    #"<x GCamera:MicroVideoOffset="96"/>"#, "<GCamera:MicroVideoOffset>96</GCamera:MicroVideoOffset>",
    #"<x Item:Length="0"/><x Item:Length="5000"/><x Item:Semantic="MotionPhoto" Item:Length="96"/>"#,
    "<Item:Length>96</Item:Length>",
  ])
  func aVideoBehindAPhotographIsFound(text: String) throws {
    let file = photograph(text)
    #expect(try MotionPhoto.video(in: file) == Int64(file.all.count - 96))
  }

  @Test(arguments: [
    "", #"<x GCamera:MicroVideoOffset="95"/>"#, #"<x MicroVideoOffset="99999999999999999999"/>"#, "MicroVideoOffset",
    "Item:Length=\"-1\"",
    String(repeating: "Item:Length=\"1\"", count: 100),
  ])
  func otherPhotographsHaveNone(text: String) throws {
    #expect(try MotionPhoto.video(in: photograph(text)) == nil)
  }

  @Test func inHEIFItHasABox() throws {
    func box(_ type: String, _ body: [UInt8]) -> [UInt8] { [0, 0, 0, UInt8(8 + body.count)] + Array(type.utf8) + body }
    let photograph = box("ftyp", Array("heic".utf8)) + box("mdat", [1, 2, 3])
    #expect(try MotionPhoto.video(in: Bytes(photograph + box("mpvd", movie))) == Int64(photograph.count + 8))
    #expect(try MotionPhoto.video(in: Bytes(photograph)) == nil)
    // A box that extends to the end.
    #expect(
      try MotionPhoto.video(in: Bytes(photograph + [0, 0, 0, 0] + Array("mpvd".utf8) + movie)) == Int64(photograph.count + 8))
    #expect(try MotionPhoto.video(in: Bytes([])) == nil)
  }
}
