import Decoding
import Testing

@testable import Media

@Suite struct LeadingJunkTests {
  final class Bytes: ByteSource {
    let all: [UInt8]
    private(set) var furthest: Int64 = 0
    init(_ all: [UInt8]) { self.all = all }
    var size: Int64? { Int64(all.count) }
    func bytes(at offset: Int64, count: Int) -> ArraySlice<UInt8> {
      furthest = max(furthest, offset)
      let start = min(Int(offset), all.count)
      // As a network gives them: never all at once.
      return all[start..<min(start + min(count, 1000), all.count)]
    }
  }

  let movie: [UInt8] = [0, 0, 0, 0x20] + Array("ftypisom".utf8) + [UInt8](repeating: 0, count: 64)
  func junk(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x55, count: count) }

  @Test func beginningsAreFound() throws {
    #expect(try LeadingJunk.length(in: Bytes(junk(5000) + movie)) == 5000)
    #expect(try LeadingJunk.length(in: Bytes(junk(3) + [0x1a, 0x45, 0xdf, 0xa3])) == 3)
    for size in [188, 192, 204] {
      let packets = (0..<6).flatMap { _ in [0x47] + [UInt8](repeating: 0xff, count: size - 1) }
      #expect(try LeadingJunk.length(in: Bytes(junk(100) + packets)) == 100)
      // As far into the file as a container is searched for.
      #expect(try LeadingJunk.length(in: Bytes(junk(65_535) + packets)) == 65_535)
    }
  }

  @Test func nothingIsMadeOfFilesWithoutJunkOrWithoutEnd() throws {
    #expect(try LeadingJunk.length(in: Bytes(movie)) == nil)
    #expect(try LeadingJunk.length(in: Bytes([])) == nil)
    // A tag of sound files that is as long as the file, or longer.
    for claimed: UInt8 in [0, 40] {
      #expect(try LeadingJunk.length(in: Bytes(Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, claimed])) == nil)
    }
    #expect(try LeadingJunk.length(in: Bytes(junk(200_000) + movie)) == nil)
    // One byte of a packet's beginning is no transport stream.
    #expect(try LeadingJunk.length(in: Bytes(junk(10) + [0x47] + junk(2000))) == nil)
  }

  @Test func aShiftedSourceBeginsWhereItIsTold() throws {
    let source = ShiftedSource(Bytes(junk(10) + [1, 2, 3]), from: 10)
    #expect(source.size == 3)
    #expect(try source.bytes(at: 1, count: 5) == [2, 3])
    let middle = ShiftedSource(Bytes(junk(10) + [1, 2, 3]), from: 10, to: 12)
    #expect(middle.size == 2)
    #expect(try middle.bytes(at: 1, count: 5) == [2])
    #expect(try middle.bytes(at: 2, count: 5).isEmpty)
  }
}
