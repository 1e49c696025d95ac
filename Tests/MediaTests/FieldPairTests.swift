import CLibAV
import Testing

@testable import Media

@Suite struct FieldPairTests {
  /// The head of a JPEG with a table before its size.
  func picture(height: UInt8) -> [UInt8] {
    [0xff, 0xd8, 0xff, 0xc4, 0, 4, 1, 2, 0xff, 0xff, 0xc0, 0, 17, 8, 0, height, 0, 100, 3]
  }

  @Test(
    "one of two fields has half the height",
    arguments: [(100, 200, true), (100, 100, false), (100, 112, false), (100, 0, false)])
  func fieldsOfMotionJPEG(coded: UInt8, told: Int, arePair: Bool) {
    #expect(FieldPair.isCoded(in: picture(height: coded), codec: AV_CODEC_ID_MJPEG, told: (100, told)) == arePair)
  }

  @Test func aSmallerPictureIsNoField() {
    #expect(!FieldPair.isCoded(in: picture(height: 100), codec: AV_CODEC_ID_MJPEG, told: (200, 200)))
    #expect(FieldPair.isShrunk(picture(height: 100), told: (200, 200)))
    #expect(!FieldPair.isShrunk(picture(height: 100), told: (100, 200)))
  }

  @Test func whatTellsNoHeightIsNoPair() {
    let broken: [[UInt8]] = [
      [], [0xff, 0xd8], Array(picture(height: 100).prefix(14)), [UInt8](repeating: 0xff, count: 40),
      [0xff, 0xd8, 0xff, 0xe0, 0, 0],
    ]
    for bytes in broken {
      #expect(!FieldPair.isCoded(in: bytes, codec: AV_CODEC_ID_MJPEG, told: (100, 200)))
    }
  }

  @Test func fieldsOfMotionJPEGB() {
    let head: [UInt8] = [0, 0, 0, 0] + Array("mjpg".utf8) + [UInt8](repeating: 0, count: 8)
    #expect(FieldPair.isCoded(in: head + [0, 0, 9, 0], codec: AV_CODEC_ID_MJPEGB, told: (100, 200)))
    #expect(!FieldPair.isCoded(in: head + [0, 0, 0, 0], codec: AV_CODEC_ID_MJPEGB, told: (100, 200)))
    #expect(!FieldPair.isCoded(in: head, codec: AV_CODEC_ID_MJPEGB, told: (100, 200)))
  }
}
