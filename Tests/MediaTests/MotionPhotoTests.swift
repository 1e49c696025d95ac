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

  /// A number in four bytes, the least first.
  private static func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xff) } }

  /// What Samsung's telephones write behind a photograph: parts with their names, and a directory.
  private func trailer(_ name: String, _ parts: [[UInt8]], count: Int? = nil, back: Int = 0) -> [UInt8] {
    let records = parts.map { [0, 0, 0x30, 0x0a] + Self.number(name.utf8.count) + Array(name.utf8) + $0 }
    var (directory, distance) = (Array("SEFH".utf8) + Self.number(107) + Self.number(parts.count), records.joined().count)
    for record in records {
      directory += [0, 0, 0x30, 0x0a] + Self.number(distance + back) + Self.number(record.count)
      distance -= record.count
    }
    return records.flatMap { $0 } + directory + Self.number(count ?? directory.count) + Array("SEFT".utf8)
  }

  @Test(arguments: [[0xff, 0xd8, 0xff, 0xe1], [0, 0, 0, 12] + Array("ftypheic".utf8)])
  func inSamsungsFilesADirectoryNamesIt(head: [UInt8]) throws {
    let photograph = head + [UInt8](repeating: 0x55, count: 9000)
    let name = "MotionPhoto_Data"
    let (other, start) = ([UInt8]("1788746908068".utf8), Int64(photograph.count + 24))
    #expect(try MotionPhoto.video(in: Bytes(photograph + trailer(name, [movie, other]))) == start)
    #expect(try MotionPhoto.video(in: Bytes(photograph + trailer(name, [other, movie]))) == start + 13 + 24)
    for wrong in [
      trailer("Image_UTC_Data", [movie]), trailer(name, [other]), trailer(name, []), trailer(name, [movie], count: 1 << 20),
      trailer(name, [movie], count: 0), trailer(name, [movie], back: 1), trailer(name, [movie], back: 1 << 30),
      trailer(name, [movie]) + [0], Array("SEFT".utf8),
    ] {
      #expect(try MotionPhoto.video(in: Bytes(photograph + wrong)) == nil)
    }
  }
}
