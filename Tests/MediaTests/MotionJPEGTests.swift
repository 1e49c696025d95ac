import Testing

@testable import Media

@Suite struct MotionJPEGTests {
  /// A picture of that many bytes, with an end of its own inside, as a photograph has whose head brings a small copy.
  func picture(_ bytes: Int) -> [UInt8] {
    [0xff, 0xd8, 0xff, 0xe1, 0xff, 0xd9] + [UInt8](repeating: 0x55, count: bytes - 8) + [0xff, 0xd9]
  }

  @Test("pictures in a row, whatever their size", arguments: [100, 262_140, 262_144, 300_001])
  func streamsAreKnown(bytes: Int) throws {
    #expect(try MotionJPEG.begins(in: LeadingJunkTests.Bytes((0..<4).flatMap { _ in picture(bytes) })))
  }

  @Test func photographsAreNone() throws {
    #expect(try !MotionJPEG.begins(in: LeadingJunkTests.Bytes(picture(5000))))
    #expect(try !MotionJPEG.begins(in: LeadingJunkTests.Bytes(picture(5000) + picture(900))))
    #expect(try !MotionJPEG.begins(in: LeadingJunkTests.Bytes([])))
    #expect(try !MotionJPEG.begins(in: LeadingJunkTests.Bytes([0] + (0..<9).flatMap { _ in picture(100) })))
  }
}
