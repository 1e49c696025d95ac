import CLibAV
import Testing

@testable import Media

@Suite struct TileSheetTests {
  /// A picture whose luma counts on from `first`, and whose planes of chroma have values of their own.
  private func tile(_ first: UInt8) throws -> TilePlanes {
    let frame = try Frame()
    unsafe frame.raw.pointee.width = 6
    unsafe frame.raw.pointee.height = 4
    unsafe frame.raw.pointee.format = AV_PIX_FMT_YUVJ420P.rawValue
    try #require(unsafe av_frame_get_buffer(frame.raw, 0) == 0)
    for y in 0..<4 {
      let row = unsafe frame.raw.pointee.data.0! + y * Int(frame.raw.pointee.linesize.0)
      for x in 0..<6 { unsafe row[x] = first + UInt8(y * 6 + x) }
    }
    for y in 0..<2 {
      let blue = unsafe frame.raw.pointee.data.1! + y * Int(frame.raw.pointee.linesize.1)
      let red = unsafe frame.raw.pointee.data.2! + y * Int(frame.raw.pointee.linesize.2)
      for x in 0..<3 { unsafe (blue[x], red[x]) = (first + UInt8(y * 3 + x), first + UInt8(100 + y * 3 + x)) }
    }
    return TilePlanes(frame)
  }

  @Test func eachPictureLiesInItsPlaceAndTheRestIsBlack() throws {
    let tiles = try (0..<5).map { try tile(UInt8(30 * $0)) }
    let sheet = try TileSheet.frame(tiles[...], width: 6, height: 4, columns: 3)
    #expect([sheet.width, sheet.height] == [18, 8])
    let planes = TilePlanes(sheet).planes
    for (plane, divisor) in [(0, 1), (1, 2), (2, 2)] {
      let (width, height) = (6 / divisor, 4 / divisor)
      for y in 0..<2 * height {
        for x in 0..<3 * width {
          let number = y / height * 3 + x / width
          let wanted = number < 5 ? tiles[number].planes[plane][y % height * width + x % width] : plane == 0 ? 0 : 128
          #expect(planes[plane][y * 3 * width + x] == wanted, "plane \(plane), picture \(number)")
        }
      }
    }
  }

  @Test func ofLaterSheetsTheFirstPictureIsInTheCorner() throws {
    let tiles = try (0..<3).map { try tile(UInt8(30 * $0)) }
    let sheet = try TileSheet.frame(tiles[2...], width: 6, height: 4, columns: 1)
    #expect([sheet.width, sheet.height] == [6, 4])
    #expect(TilePlanes(sheet).planes == tiles[2].planes)
  }
}
