import Deadlines
import Decoding
import Testing

@testable import Media

@Suite struct CandidateListTests {
  /// Uncompressed pictures of 128 by 72, one each second.
  private func film(_ seconds: Int, _ luma: (_ second: Int, _ x: Int, _ y: Int) -> Int) -> [UInt8] {
    var bytes = Array("YUV4MPEG2 W128 H72 F1:1 Ip A1:1 C420jpeg\n".utf8)
    for second in 0..<seconds {
      bytes += Array("FRAME\n".utf8)
      for y in 0..<72 { for x in 0..<128 { bytes.append(UInt8(luma(second, x, y))) } }
      bytes += [UInt8](repeating: 128, count: 2 * 64 * 36)
    }
    return bytes
  }

  /// Squares of many tones, the darkest of which has that luma.
  private func squares(_ from: Int, _ x: Int, _ y: Int) -> Int { from + (x / 4 * 53 + y / 4 * 91) % 100 }

  private func candidates(_ count: Int, of film: [UInt8], _ shape: AspectRatio? = nil) throws -> [Moments.Moment] {
    var options = ThumbnailOptions()
    options.aspectRatio = shape
    let maker = PictureMaker(limits: MediaLimits(), options: options, deadline: .after(seconds: 60))
    let source = SearchLimitTests.Limited(film, atMost: .max)
    guard case .moments(let moments) = try maker.make(.candidates(count), from: source, progress: {}) else { return [] }
    #expect(moments.pictures.count == moments.moments.count)
    return moments.moments
  }

  /// For five seconds all that is to be seen is beside the middle, then in the middle.
  @Test func candidatesAreJudgedByWhatTheirShapeShows() throws {
    let film = film(10) { second, x, y in (44..<84).contains(x) == (second >= 5) ? squares(40 + second, x, y) : 110 }
    #expect(try candidates(4, of: film).first?.seconds ?? 9 < 5)
    #expect(try candidates(4, of: film, .portrait).allSatisfy { $0.seconds >= 5 })
  }

  @Test func theBestComesFirst() throws {
    let scores = try candidates(8, of: film(10) { second, x, y in squares(20 + 10 * second, x, y) }).compactMap(\.score)
    #expect(scores.count > 3 && scores.first == scores.max() && scores.first != scores.min(), "\(scores)")
  }

  /// Two scenes: one of each comes before a second one of either.
  @Test func noTwoLookAlikeUnlessThereAreTooFew() throws {
    let film = film(10) { second, x, y in squares(second < 5 ? 20 : 130, x, y) }
    let found = try candidates(4, of: film).map(\.seconds)
    #expect(found.count == 4 && Set(found).count == 4)
    #expect(found.prefix(2).count { $0 < 5 } == 1, "\(found)")
  }

  @Test func whatIsRejectedComesOnlyAlone() throws {
    let mixed = film(10) { second, x, y in second.isMultiple(of: 2) ? squares(60, x, y) : 3 }
    #expect(try candidates(8, of: mixed).allSatisfy { Int($0.seconds).isMultiple(of: 2) })
    #expect(try !candidates(8, of: film(10) { _, x, _ in 3 + x % 2 }).isEmpty)
  }
}
