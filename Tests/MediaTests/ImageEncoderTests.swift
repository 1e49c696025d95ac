import CLibAV
import Decoding
import Testing

@testable import Media

@Suite struct ImageEncoderTests {
  /// An AVIF tells its colours itself (ISO/IEC 23008-12, 6.5.5): primaries of BT.709, sRGB's curve, BT.601's matrix, full range. A browser
  /// would take other ones.
  @Test func anAVIFTellsItsColours() throws {
    guard ImageFormat.avif.isEncodable else { return }
    let frame = try Frame()
    unsafe frame.raw.pointee.width = 64
    unsafe frame.raw.pointee.height = 36
    unsafe frame.raw.pointee.format = AV_PIX_FMT_YUV420P.rawValue
    try #require(unsafe av_frame_get_buffer(frame.raw, 0) == 0)
    for (plane, lines) in unsafe [
      (frame.raw.pointee.data.0!, 36 * Int(frame.raw.pointee.linesize.0)),
      (frame.raw.pointee.data.1!, 18 * Int(frame.raw.pointee.linesize.1)),
      (frame.raw.pointee.data.2!, 18 * Int(frame.raw.pointee.linesize.2)),
    ] { unsafe plane.initialize(repeating: 100, count: lines) }
    let file = try ImageEncoder(options: ThumbnailOptions()).encode(frame, as: .avif).bytes
    let box = try #require(file.indices.first { file[$0...].starts(with: "colrnclx".utf8) })
    #expect(file[box + 8..<box + 15] == [0, 1, 0, 13, 0, 6, 0x80])
  }
}
