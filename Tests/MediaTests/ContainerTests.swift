import Decoding
import Testing

@testable import Media

@Suite struct ContainerTests {
  func element(_ id: [UInt8], _ body: [UInt8]) -> [UInt8] { id + [UInt8(0x80 | body.count)] + body }

  /// A Matroska file with tracks, as far as the first cluster.
  func matroska(_ tracks: [[UInt8]]) -> [UInt8] {
    let list = [0x16, 0x54, 0xAE, 0x6B, 0x40, UInt8(tracks.joined().count)] + tracks.joined()
    return element([0x1A, 0x45, 0xDF, 0xA3], [0x42, 0x86, 0x81, 1]) + [0x18, 0x53, 0x80, 0x67, 0xFF] + list
      + [0x1F, 0x43, 0xB6, 0x75, 0xFF, 0xE7, 0x81, 0] + [UInt8](repeating: 0, count: 32)
  }

  func track(_ parts: [UInt8]...) -> [UInt8] { element([0xAE], Array(parts.joined())) }

  @Test func matroskaTellsOfCroppingAndOfTracksThatAreNotShown() throws {
    let video = element(
      [0xE0],
      element([0xB0], [100]) + element([0xBA], [50]) + element([0x54, 0xCC], [10]) + element([0x54, 0xDD], [20])
        + element([0x54, 0xB0], [140]) + element([0x54, 0xBA], [50]))
    let bytes = matroska([
      track(element([0x83], [2])), track(element([0x83], [1]), element([0x86], Array("V_VP9".utf8)), element([0xB9], [0])),
      track(element([0x83], [1]), video),
    ])
    let file = try #require(try MatroskaTracks(in: LeadingJunkTests.Bytes(bytes)))
    #expect(file.count == 3)
    #expect(file.videos.map(\.isEnabled) == [false, true])
    #expect(file.videos[0].codecName == "V_VP9")
    #expect(file.videos[1].crop == CropBox(left: 10, top: 0, right: 20, bottom: 0))
    // 70 pixels are shown as 140, or the size of display is that of all 100.
    #expect(file.videos[1].pixelAspects == [2, 1.4])
    #expect(try file.firstCluster == PieceSearch.cluster.next(from: 0, in: LeadingJunkTests.Bytes(bytes)))
  }

  /// Half a turn of yaw mirrors the picture, then roll turns it against the clock. Not every libavformat passes it on.
  @Test(arguments: [
    (0, 0, false, false, false), (180, 0, false, true, false), (-180, 180, false, false, true), (0, 180, false, true, true),
    (180, 90, true, false, false), (0, 90, true, false, true), (0, -90, true, true, false), (180, -90, true, true, true),
    (0, 720, false, false, false),
  ])
  func matroskaTellsAPose(yaw: Float, roll: Float, swaps: Bool, mirrorsX: Bool, mirrorsY: Bool) throws {
    func angle(_ id: UInt8, _ degrees: Float) -> [UInt8] {
      element([0x76, id], (0..<4).map { UInt8(truncatingIfNeeded: degrees.bitPattern >> (24 - 8 * $0)) })
    }
    func orientation(_ kind: UInt8) throws -> Orientation? {
      let pose = element([0x76, 0x71], [kind]) + angle(0x73, yaw) + angle(0x75, roll)
      let bytes = matroska([track(element([0x83], [1]), element([0xE0], element([0x76, 0x70], pose)))])
      return try MatroskaTracks(in: LeadingJunkTests.Bytes(bytes))?.videos.first?.orientation
    }
    #expect(try orientation(0) == Orientation(swapsSides: swaps, mirrorsX: mirrorsX, mirrorsY: mirrorsY))
    #expect(try orientation(1) == .upright, "a view of all directions")
  }

  @Test func damageIsNoTrack() throws {
    let bytes = matroska([track(element([0x83], [1]))])
    for end in bytes.indices { _ = try MatroskaTracks(in: LeadingJunkTests.Bytes(Array(bytes[..<end]))) }
    #expect(try MatroskaTracks(in: LeadingJunkTests.Bytes([0x1A, 0x45, 0xDF, 0xA3])) == nil)
  }

  /// A stretch that is left out is one element that says how long it is.
  @Test func aSplicedSourceKeepsEveryPlace() throws {
    let bytes = (0..<200).map { UInt8($0) }
    let source = SplicedSource(LeadingJunkTests.Bytes(bytes), skipping: 50..<150, kind: .fragment)
    #expect(source.size == 200)
    #expect(try source.upTo(50, at: 0) == Array(bytes[..<50]))
    #expect(try source.upTo(16, at: 50) == [0, 0, 0, 1] + Array("free".utf8) + [0, 0, 0, 0, 0, 0, 0, 100])
    #expect(try source.upTo(50, at: 150) == Array(bytes[150...]))
    #expect(PieceSearch.cluster.void(bytes: 100) == [0xEC, 0x01, 0, 0, 0, 0, 0, 0, 91])
    #expect(PieceSearch.cluster.void(bytes: 3).isEmpty)
  }

  /// The end of another tag's picture, and the size behind it, look like a tag here.
  @Test func aTagOfFLVHasItsSizeBehindIt() throws {
    let lookalike: [UInt8] = [9, 0x29, 0xE9, 0x69, 0x69, 0x69, 8, 0x49, 0, 0, 0, 0x13]
    let tag: [UInt8] = [9, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0x12, 0, 0, 0, 0, 13]
    let bytes = lookalike + tag + [UInt8](repeating: 0, count: 32)
    #expect(try PieceSearch.tag.next(from: 0, in: LeadingJunkTests.Bytes(bytes)) == 12)
    #expect(try PieceSearch.tag.next(from: 0, in: LeadingJunkTests.Bytes(lookalike + [UInt8](repeating: 0, count: 32))) == nil)
  }
}
