import Deadlines
import Decoding
import Testing

@testable import Media

/// Which picture is that of a second.
@Suite struct ExactSecondTests {
  /// Four slides, each of which is shown for five seconds.
  private static let slides: [UInt8] = {
    var bytes = Array("YUV4MPEG2 W32 H32 F1:5 Ip A1:1 C420jpeg\n".utf8)
    for slide in 0..<4 {
      bytes += Array("FRAME\n".utf8) + [UInt8](repeating: UInt8(20 + 60 * slide), count: 32 * 32)
      bytes += [UInt8](repeating: 128, count: 32 * 16)
    }
    return bytes
  }()

  @Test(arguments: [
    (0.0, 0.0), (4.9, 0), (5, 5), (9.999, 5), (14, 10),
    // Times that are told are rounded to thousandths.
    (9.9996, 10),
    // Beyond the end is the last one.
    (1000, 15),
  ])
  func aSecondIsThatOfTheSlideThatIsShown(asked: Double, shown: Double) throws {
    var options = ThumbnailOptions()
    options.timeSeconds = asked
    let maker = PictureMaker(limits: MediaLimits(), options: options, deadline: .after(seconds: 60))
    guard case .thumbnail(let made) = try maker.make(.thumbnail, from: LeadingJunkTests.Bytes(Self.slides), progress: {})
    else { return }
    #expect(made.timestampSeconds == shown)
    let grey = (Int(20 + 60 * shown / 5) - 16) * 255 / 219
    #expect(abs(made.placeholder.dominantColour & 255 - grey) < 4)
    #expect(!made.isDegraded, "no picture is missing")
  }

  /// Decoded from the only keyframe on. What is used up may be read no further.
  @Test func aSecondThatIsNotReachedIsThePictureSoFarAndIsMarked() throws {
    let film = TrackFailureTests.film([TrackFailureTests.squares], keys: 1)
    var options = ThumbnailOptions()
    options.timeSeconds = 9
    let maker = PictureMaker(limits: MediaLimits(), options: options, deadline: .after(seconds: 60))
    var short: [Double] = []
    for bytes in stride(from: 5_000, through: 4 * film.count, by: 5_000) {
      let source = SearchLimitTests.Limited(film, atMost: bytes)
      guard case .thumbnail(let made) = try? maker.make(.thumbnail, from: source, progress: {}) else { continue }
      #expect(made.isDegraded == (made.timestampSeconds < 8), "\(made.timestampSeconds)")
      if made.isDegraded { short.append(made.timestampSeconds) }
    }
    #expect(!short.isEmpty && short.contains { $0 > 1 })
  }
}
