import Deadlines
import Decoding
import Failures
import Testing

@testable import Media

/// What comes of a video of which not all may be read.
@Suite struct SearchLimitTests {
  /// Gives no more than so many bytes, and then says that the limit is used up, or that the origin is down.
  final class Limited: ByteSource {
    struct UsedUp: ClassifiedError {
      let failureClass = FailureClass.source
      let isLimit: Bool
      let description = "no more"
    }

    let content: [UInt8]
    private(set) var left: Int
    private let isDown: Bool

    init(_ content: [UInt8], atMost bytes: Int, thenDown isDown: Bool = false) {
      self.content = content
      left = bytes
      self.isDown = isDown
    }

    var size: Int64? { Int64(content.count) }
    func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
      let found = content.dropFirst(Int(offset)).prefix(count)
      if found.count > left { throw UsedUp(isLimit: !isDown) }
      left -= found.count
      return found
    }
  }

  /// Uncompressed pictures of 64 by 64, one each second.
  private func film(_ pictures: Int, _ luma: (_ picture: Int, _ pixel: Int) -> UInt8) -> [UInt8] {
    var bytes = Array("YUV4MPEG2 W64 H64 F1:1 Ip A1:1 C420jpeg\n".utf8)
    for picture in 0..<pictures {
      bytes += Array("FRAME\n".utf8)
      bytes += (0..<64 * 64).map { luma(picture, $0) } + [UInt8](repeating: 128, count: 64 * 32)
    }
    return bytes
  }

  private func make(_ task: DecodingTask, of source: any ByteSource, searching bytes: Int) throws -> DecodingResult {
    var limits = MediaLimits()
    limits.searchBytes = bytes
    let maker = PictureMaker(limits: limits, options: ThumbnailOptions(), deadline: .after(seconds: 60))
    return try maker.make(task, from: source) {}
  }

  private static let night: @Sendable (Int, Int) -> UInt8 = { picture, pixel in UInt8(2 + (picture * 31 + pixel * 7919) % 13) }

  @Test func ofANightTheBestPictureIsTakenWhenNoMoreMayBeRead() throws {
    let source = Limited(film(200, Self.night), atMost: 600_000)
    guard case .thumbnail(let thumbnail) = try make(.thumbnail, of: source, searching: 64 << 20) else { return }
    #expect(thumbnail.isDegraded && thumbnail.candidates > 8)
  }

  @Test func theSearchEndsWithItsBytes() throws {
    let source = Limited(film(200, Self.night), atMost: .max)
    guard case .thumbnail(let thumbnail) = try make(.thumbnail, of: source, searching: 300_000) else { return }
    #expect(thumbnail.isDegraded && Int.max - source.left < 600_000)
  }

  /// Stripes that move on with each picture.
  private static let stripes: @Sendable (Int, Int) -> UInt8 = { picture, pixel in (pixel + picture) % 16 < 8 ? 40 : 200 }

  private func times(_ task: DecodingTask, of source: any ByteSource, searching bytes: Int) throws -> [Double] {
    guard case .moments(let moments) = try make(task, of: source, searching: bytes) else { return [] }
    return moments.moments.map(\.seconds)
  }

  @Test func aStoryboardOfLargePicturesIsOfTheWholeVideo() throws {
    let found = try times(.storyboard(100), of: Limited(film(100, Self.stripes), atMost: .max), searching: 250_000)
    #expect(found.count > 8 && found.count < 60 && found.last ?? 0 > 85, "\(found)")
  }

  @Test func aStoryboardEndsWhereNoMoreMayBeRead() throws {
    let found = try times(.storyboard(100), of: Limited(film(100, Self.stripes), atMost: 400_000), searching: 64 << 20)
    #expect(found.count > 8 && found.last ?? 0 > 8, "\(found)")
  }

  @Test func candidatesAreThoseThatCouldBeRead() throws {
    let found = try times(.candidates(20), of: Limited(film(100, Self.stripes), atMost: 400_000), searching: 64 << 20)
    #expect(!found.isEmpty)
  }

  /// Dim in their larger half: good, but not beyond doubt, so that the search goes on.
  private static let dim: @Sendable (Int, Int) -> UInt8 = { picture, pixel in
    pixel % 64 < 36 ? 18 : UInt8(30 + (pixel / 4 * 53 + pixel / 256 * 91 + picture) % 100)
  }

  @Test func anOriginThatFailsLaterLeavesTheGoodPictureSoFar() throws {
    let source = Limited(film(200, Self.dim), atMost: 150_000, thenDown: true)
    guard case .thumbnail(let thumbnail) = try make(.thumbnail, of: source, searching: 64 << 20) else { return }
    #expect(!thumbnail.isDegraded)
    #expect(source.left < 50_000, "it has failed")
  }

  @Test func anOriginThatFailsBeforeAGoodPictureIsAskedAgain() throws {
    let source = Limited(film(200, Self.night), atMost: 150_000, thenDown: true)
    #expect(throws: Limited.UsedUp.self) { try make(.thumbnail, of: source, searching: 64 << 20) }
  }

  @Test func afterTheDeadlineNothingIsTaken() throws {
    let source = Limited(film(200, Self.dim), atMost: 150_000, thenDown: true)
    let maker = PictureMaker(limits: MediaLimits(), options: ThumbnailOptions(), deadline: .after(seconds: -1))
    #expect(throws: (any Error).self) { try maker.make(.thumbnail, from: source) {} }
  }

  @Test func aFileOfWhichNothingCanBeReadIsStillTheOriginsFault() throws {
    let source = Limited(film(200, Self.night), atMost: 1000)
    #expect(throws: Limited.UsedUp.self) { try make(.thumbnail, of: source, searching: 64 << 20) }
  }
}
