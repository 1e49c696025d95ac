import CLibAV
import Testing

@testable import Media

@Suite struct BlackBarsTests {
  /// A grey picture of 40 by 20 that is nearly black so many pixels from each side.
  private func bars(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) throws -> CropBox {
    let frame = try Frame()
    unsafe frame.raw.pointee.width = 40
    unsafe frame.raw.pointee.height = 20
    unsafe frame.raw.pointee.format = AV_PIX_FMT_YUVJ420P.rawValue
    try #require(unsafe av_frame_get_buffer(frame.raw, 0) == 0)
    for y in 0..<20 {
      let row = unsafe frame.raw.pointee.data.0! + y * Int(frame.raw.pointee.linesize.0)
      for x in 0..<40 {
        unsafe row[x] = (left..<40 - right).contains(x) && (top..<20 - bottom).contains(y) ? 100 : 20
      }
    }
    return BlackBars.around(frame)
  }

  @Test func twoOppositeSidesAreBars() throws {
    #expect(try bars(left: 12, right: 11) == CropBox(left: 12, right: 11))
    #expect(try bars(top: 2, bottom: 3) == CropBox(top: 2, bottom: 3))
  }

  @Test func whatIsDarkOtherwiseBelongsToThePicture() throws {
    #expect(try bars() == CropBox())
    #expect(try bars(left: 20, top: 10, right: 20, bottom: 10) == CropBox(), "a black picture")
    #expect(try bars(left: 12, top: 5, right: 12, bottom: 5) == CropBox(), "a title")
    #expect(try bars(bottom: 6) == CropBox(), "night below")
    #expect(try bars(top: 2, bottom: 6) == CropBox())
    #expect(try bars(left: 1, right: 1) == CropBox(), "the edge of a recording")
    #expect(try bars(left: 18, right: 18) == CropBox(), "a crack of light")
  }
}
