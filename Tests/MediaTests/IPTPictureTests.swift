import CLibAV
import Testing

@testable import Media

@Suite struct IPTPictureTests {
  private func coded(_ width: Int32, _ height: Int32) throws -> Frame {
    let frame = try Frame()
    unsafe frame.raw.pointee.format = AV_PIX_FMT_YUV444P12LE.rawValue
    unsafe frame.raw.pointee.width = width
    unsafe frame.raw.pointee.height = height
    let code = unsafe av_frame_get_buffer(frame.raw, 0)
    #expect(code == 0)
    return frame
  }

  /// With AVX-512 zimg ends the process where they do not.
  @Test func rowsBeginWhereTheWidestRegistersReadThem() throws {
    for (width, height): (Int32, Int32) in [(640, 360), (720, 405), (540, 961), (33, 17)] {
      let light = try IPTPicture.light(of: coded(width, height))
      let (data, lines) = unsafe (light.raw.pointee.data, light.raw.pointee.linesize)
      let starts = unsafe [data.0, data.1, data.2].map { Int(bitPattern: $0) }
      for place in starts + [Int(lines.0), Int(lines.1), Int(lines.2)] {
        #expect(place.isMultiple(of: 64), "\(width)×\(height)")
      }
    }
  }
}
