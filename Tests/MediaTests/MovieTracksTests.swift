import Decoding
import Testing

@testable import Media

/// What is read from the index of an ISO base media file besides libavformat.
@Suite struct MovieTracksTests {
  static func box(_ type: String, _ body: [UInt8]...) -> [UInt8] { box(type, body) }
  static func box(_ type: String, _ body: [[UInt8]]) -> [UInt8] {
    number(8 + body.joined().count) + Array(type.utf8) + body.joined()
  }
  static func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
  private static func zeroes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  /// A track's header, whose times are of four or of eight bytes.
  private static func header(isLong: Bool, id: Int, shown: (width: Int, height: Int)) -> [UInt8] {
    box(
      "tkhd", [isLong ? 1 : 0, 0, 0, 0], zeroes(isLong ? 16 : 8), number(id), zeroes(isLong ? 64 : 60),
      number(shown.width << 16), number(shown.height << 16))
  }

  /// A picture of 720 by 576, of which 704 by 576 are clean.
  private static func media(_ handler: String = "vide", _ others: [UInt8]...) -> [UInt8] {
    let aperture = box("clap", [704, 1, 576, 1, 0, 1, 0, 1].flatMap(number))
    let size: [UInt8] = [0x02, 0xd0, 0x02, 0x40]
    let entry = box("mp4v", zeroes(24), size, zeroes(50), aperture, Array(others.joined()))
    return box(
      "mdia", box("hdlr", zeroes(8), Array(handler.utf8), zeroes(12)),
      box("minf", box("vmhd", zeroes(12)), box("stbl", box("stsd", zeroes(4), number(1), entry))))
  }

  private func tracks(_ parts: [UInt8]...) throws -> MovieTracks {
    let movie = Self.box("moov", Array(parts.joined()))
    return try MovieTracks(in: LeadingJunkTests.Bytes(movie), index: 0..<Int64(movie.count))
  }

  @Test(arguments: [false, true])
  func ofAnApertureAloneTheShownSizeTellsTheShapeOfAPixel(isLong: Bool) throws {
    let found = try tracks(Self.box("trak", Self.header(isLong: isLong, id: 7, shown: (768, 576)), Self.media()))
    let hint = try #require(found.hints[7])
    #expect(hint.crop == CropBox(left: 8, top: 0, right: 8, bottom: 0))
    #expect(hint.pixelAspects.map { ($0 * 1000).rounded() } == [1091])
  }

  @Test func whatTheSampleEntryTellsOfAPixelGoesBeforeTheShownSize() throws {
    let square = Self.box("pasp", Self.number(1), Self.number(1))
    let found = try tracks(Self.box("trak", Self.header(isLong: false, id: 1, shown: (768, 576)), Self.media("vide", square)))
    #expect(found.hints[1]?.pixelAspects == [1])
  }

  @Test func aTrackThatIsShownInNoSizeTellsNoShape() throws {
    for (width, height) in [(0, 0), (768, 0), (0, 576)] {
      let found = try tracks(Self.box("trak", Self.header(isLong: false, id: 1, shown: (width, height)), Self.media()))
      #expect(found.hints[1]?.pixelAspects == [])
    }
  }

  @Test func aMaskIsToldByItsHandlerOrByItsReference() throws {
    let header = Self.header(isLong: false, id: 1, shown: (720, 576))
    let other = Self.header(isLong: false, id: 2, shown: (720, 576))
    let third = Self.header(isLong: false, id: 3, shown: (720, 576))
    let references = Self.box("tref", Self.box("cdsc", Self.number(1)), Self.box("auxl", Self.number(1)))
    let found = try tracks(
      Self.box("trak", header, Self.media()), Self.box("trak", other, Self.media("auxv")),
      Self.box("trak", third, Self.media(), references))
    #expect(found.count == 3)
    #expect([1, 2, 3].map { found.hints[$0]?.isAuxiliary } == [false, true, true])
  }

  /// Times and durations have four bytes or eight, and each header may choose.
  @Test(arguments: [(false, false), (false, true), (true, false), (true, true)])
  func theEndOfFragmentsIsToldInEitherLength(isLongMovie: Bool, isLongEnd: Bool) throws {
    let movie = Self.box(
      "mvhd", [isLongMovie ? 1 : 0, 0, 0, 0], Self.zeroes(isLongMovie ? 16 : 8), Self.number(600), Self.zeroes(88))
    let end = Self.box(
      "mehd", [isLongEnd ? 1 : 0, 0, 0, 0], Self.zeroes(isLongEnd ? 4 : 0), Self.number(9000))
    #expect(try tracks(movie, Self.box("mvex", end)).endSeconds == 15)
    #expect(try tracks(movie, Self.box("mvex", end)).tellsFragments)
    #expect(try tracks(movie).tellsFragments == false)
    #expect(try tracks(Self.box("mvex", end)).endSeconds == nil)
  }
}
