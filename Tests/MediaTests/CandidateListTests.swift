import Deadlines
import Decoding
import Testing

@testable import Media

@Suite struct CandidateListTests {
  /// Uncompressed pictures of 128 by 72, one each second. For five seconds all that is to be seen is beside the middle, then in the middle.
  private static let film: [UInt8] = {
    var bytes = Array("YUV4MPEG2 W128 H72 F1:1 Ip A1:1 C420jpeg\n".utf8)
    for second in 0..<10 {
      bytes += Array("FRAME\n".utf8)
      for y in 0..<72 {
        for x in 0..<128 {
          let isShown = (44..<84).contains(x) == (second >= 5)
          bytes.append(isShown ? UInt8(40 + (x / 4 * 53 + y / 4 * 91 + second * 17) % 170) : 110)
        }
      }
      bytes += [UInt8](repeating: 128, count: 2 * 64 * 36)
    }
    return bytes
  }()

  private func seconds(_ shape: AspectRatio?) throws -> [Double] {
    var options = ThumbnailOptions()
    options.aspectRatio = shape
    let maker = PictureMaker(limits: MediaLimits(), options: options, deadline: .after(seconds: 60))
    let source = SearchLimitTests.Limited(Self.film, atMost: .max)
    guard case .moments(let moments) = try maker.make(.candidates(4), from: source, progress: {}) else { return [] }
    return moments.moments.map(\.seconds)
  }

  @Test func candidatesAreJudgedByWhatTheirShapeShows() throws {
    #expect(try seconds(nil).first ?? 9 < 5)
    #expect(try seconds(.portrait).allSatisfy { $0 >= 5 })
  }
}
