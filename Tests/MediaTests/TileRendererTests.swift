import CLibAV
import Deadlines
import Decoding
import Testing

@testable import Media

@Suite struct TileRendererTests {
  /// A grey picture.
  private func picture(width: Int32, height: Int32) throws -> Frame {
    let frame = try Frame()
    unsafe frame.raw.pointee.width = width
    unsafe frame.raw.pointee.height = height
    unsafe frame.raw.pointee.format = AV_PIX_FMT_GRAY8.rawValue
    try #require(unsafe av_frame_get_buffer(frame.raw, 0) == 0)
    let line = unsafe Int(frame.raw.pointee.linesize.0)
    unsafe frame.raw.pointee.data.0!.initialize(repeating: 90, count: line * Int(height))
    return frame
  }

  @Test func aRecordingWhoseSizeChangesKeepsItsTiles() throws {
    let source = ReopeningTests.Overwritten(ReopeningTests.film)
    let file = try MediaFile(source, limits: MediaLimits(), deadline: .after(seconds: 60))
    var options = ThumbnailOptions()
    options.sizes = [160]
    let tiles = TileRenderer(file: file, options: options)
    for (width, height) in [(640, 360), (320, 180), (854, 480)] as [(Int32, Int32)] {
      #expect(try size(of: picture(width: width, height: height), by: tiles) == [160, 90])
    }
    #expect(try size(of: picture(width: 360, height: 640), by: tiles) == nil)
  }

  private func size(of picture: consuming Frame, by tiles: TileRenderer) throws -> [Int]? {
    guard let tile = try tiles.render(picture) else { return nil }
    return [tile.width, tile.height]
  }
}
