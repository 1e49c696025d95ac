import Deadlines
import Decoding
import Testing

@testable import Media

/// What is left of a video's tracks when its origin fails on the way.
@Suite struct TrackFailureTests {
  private static func element(_ id: [UInt8], _ body: [UInt8]) -> [UInt8] {
    let size = body.count
    return id + [UInt8(0x10 | size >> 24), UInt8(size >> 16 & 255), UInt8(size >> 8 & 255), UInt8(size & 255)] + body
  }

  /// A Matroska file of uncompressed pictures of 64 by 48, ten of each track, one a second. Of each track `luma` tells the pixels.
  ///
  /// - Parameter keys: how many seconds begin with a keyframe.
  static func film(_ tracks: [(_ pixel: Int) -> UInt8], keys: Int = 10) -> [UInt8] {
    let head = element([0x1A, 0x45, 0xDF, 0xA3], element([0x42, 0x82], Array("matroska".utf8)))
    let info = element([0x15, 0x49, 0xA9, 0x66], element([0x2A, 0xD7, 0xB1], [0x0F, 0x42, 0x40]))
    let planes = element([0x2E, 0xB5, 0x24], Array("I420".utf8))
    let video = element([0xE0], element([0xB0], [64]) + element([0xBA], [48]) + planes)
    let entries = (1...tracks.count).map { number in
      element(
        [0xAE],
        element([0xD7], [UInt8(number)]) + element([0x73, 0xC5], [UInt8(number)]) + element([0x83], [1])
          + element([0x86], Array("V_UNCOMPRESSED".utf8)) + video)
    }
    let clusters = (0..<10).map { second in
      let blocks = tracks.enumerated().map { index, luma in
        let pixels = (0..<64 * 48).map(luma) + [UInt8](repeating: 128, count: 64 * 24)
        return element([0xA3], [UInt8(0x81 + index), 0, 0, second < keys ? 0x80 : 0] + pixels)
      }
      return element([0x1F, 0x43, 0xB6, 0x75], element([0xE7], [UInt8(second * 4), 0]) + blocks.joined())
    }
    let list = element([0x16, 0x54, 0xAE, 0x6B], Array(entries.joined()))
    return head + element([0x18, 0x53, 0x80, 0x67], info + list + clusters.joined())
  }

  private static func black(_ pixel: Int) -> UInt8 { 16 }
  static func squares(_ pixel: Int) -> UInt8 { UInt8(30 + (pixel % 64 / 4 * 53 + pixel / 256 * 91) % 200) }

  private enum Outcome { case failure, dark, light }

  private func outcome(_ source: SearchLimitTests.Limited) throws -> Outcome {
    let maker = PictureMaker(limits: MediaLimits(), options: ThumbnailOptions(), deadline: .after(seconds: 60))
    do {
      guard case .thumbnail(let made) = try maker.make(.thumbnail, from: source, progress: {}) else { return .failure }
      return made.isDegraded ? .dark : .light
    } catch is SearchLimitTests.Limited.UsedUp {
      return .failure
    }
  }

  /// What comes of a film if its origin fails earlier or later in the search.
  private func outcomes(_ film: [UInt8]) throws -> [Outcome] {
    let whole = SearchLimitTests.Limited(film, atMost: .max)
    var found = [try outcome(whole)]
    for part in 1...16 {
      let bytes = (Int.max - whole.left) / 17 * (17 - part)
      let next = try outcome(SearchLimitTests.Limited(film, atMost: bytes, thenDown: true))
      if next != found.last { found.append(next) }
    }
    return found
  }

  @Test func aDarkTrackIsBetterThanNothing() throws {
    let found = try outcomes(Self.film([Self.black, Self.squares]))
    #expect(found == [.light, .dark, .failure], "\(found)")
  }

  @Test func soIsADarkVideoIfTheOriginFailsWhereMoreMayFollow() throws {
    let film = Self.film([Self.black])
    let whole = SearchLimitTests.Limited(film, atMost: .max)
    #expect(try outcome(whole) == .dark)
    #expect(try outcome(SearchLimitTests.Limited(film, atMost: .max - whole.left - 1, thenDown: true)) == .dark)
  }
}
