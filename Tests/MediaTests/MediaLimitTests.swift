import Deadlines
import Decoding
import Testing

@testable import Media

/// What is said of a file that asks for more than the settings allow.
@Suite struct MediaLimitTests {
  private func sentence(_ bytes: [UInt8], _ change: (inout MediaLimits) -> Void) -> String? {
    var limits = MediaLimits()
    change(&limits)
    let maker = PictureMaker(limits: limits, options: ThumbnailOptions(), deadline: .after(seconds: 60))
    do {
      _ = try maker.make(.thumbnail, from: LeadingJunkTests.Bytes(bytes)) {}
      return nil
    } catch {
      return (error as? MediaError).map { "\($0.kind): \($0.description)" } ?? "\(error)"
    }
  }

  @Test func tracks() {
    let container = ContainerTests()
    let matroska = container.matroska([[UInt8]](repeating: container.track([0x83, 0x81, 2]), count: 3))
    let movie =
      MovieTracksTests.box("ftyp", Array("isom".utf8), [0, 0, 0, 0])
      + MovieTracksTests.box("moov", Array((0..<3).flatMap { _ in MovieTracksTests.box("trak") }))
    for file in [matroska, movie] {
      #expect(
        sentence(file) { $0.maximumStreams = 2 }
          == "overLimit: the file has 3 tracks, at most 2 are read (MEDIA_MAX_STREAMS)")
      #expect(sentence(file) { $0.maximumStreams = 3 }?.contains("MEDIA_MAX_STREAMS") == false)
    }
  }

  @Test func pixels() {
    let picture = Array("YUV4MPEG2 W64 H48 F1:1 Ip A1:1 C420jpeg\nFRAME\n".utf8) + [UInt8](repeating: 90, count: 64 * 72)
    #expect(
      sentence(picture) { $0.maximumPixels = 64 * 48 - 1 }
        == "overLimit: the picture is too large: 64×48, at most 3071 pixels (MEDIA_MAX_PIXELS)")
    #expect(sentence(picture) { $0.maximumPixels = 64 * 48 } == nil)
  }

  /// Not as one that took too long.
  @Test(arguments: [DecodingTask.thumbnail, .candidates(3), .storyboard(3)])
  func aDamagedVideoIsRefusedAsDamaged(task: DecodingTask) throws {
    let film = ReopeningTests.film
    let damaged = film.dropLast(50) + [UInt8](repeating: 0xff, count: 50)
    let maker = PictureMaker(limits: MediaLimits(), options: ThumbnailOptions(), deadline: .after(seconds: 60))
    let error = #expect(throws: MediaError.self) { try maker.make(task, from: LeadingJunkTests.Bytes(Array(damaged))) {} }
    #expect(error?.kind == .undecodable)
    #expect(error?.description.contains("MEDIA_SEARCH_SECONDS") == false)
  }
}
