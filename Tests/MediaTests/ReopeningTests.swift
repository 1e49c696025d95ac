import CLibAV
import Deadlines
import Decoding
import Testing

@testable import Media

@Suite struct ReopeningTests {
  /// A file that may be overwritten while it is read.
  final class Overwritten: ByteSource {
    var content: [UInt8]

    init(_ content: [UInt8]) { self.content = content }

    var size: Int64? { Int64(content.count) }
    func bytes(at offset: Int64, count: Int) -> ArraySlice<UInt8> { content.dropFirst(Int(offset)).prefix(count) }
  }

  /// RealMedia, of which the beginning is read only by opening it again: a grey picture of 48 by 32 pixels, made by `ffmpeg -f lavfi -i
  /// color=gray:s=48x32:r=5:d=1 -frames:v 1 -c:v rv10 -q:v 31 -bitexact -fflags +bitexact`.
  static let film = [UInt8](
    hexadecimal: """
      2e524d46000000120000000000000000000550524f5000000032000000030d4000030d40000010000000003400000001000000c80000000000000000
      000000ca00010003434f4e5400000012000000000000000000004d445052000000740000000000030d4000030d400000100000000034000000000000
      0000000000c81054686520566964656f2053747265616d14766964656f2f782d706e2d7265616c766964656f00000022000000225649444f52563130
      003000200005000000000005000000000008100000004441544100000064000000000001000000000000004000000000000000028181402d402d009f
      000006137e7e7e7effff9bf3f3f3f7fffcdf9f9f9fbfffe6fcfcfcfdffff37e7e7e7effff9bf3f3f3f7fff800000000000000000
      """)

  @Test func aFileThatCannotBeOpenedAgainIsStillKnown() throws {
    let source = Overwritten(Self.film)
    let file = try MediaFile(source, limits: MediaLimits(), deadline: .after(seconds: 60))
    try #require(file.hasNoWayBack)
    try file.reopen()
    source.content = [UInt8](repeating: 0, count: Self.film.count)
    // libavformat drops what it has read.
    unsafe _ = avio_seek(file.reader.context, 1 << 20, SEEK_SET)
    #expect(throws: MediaError.self) { try file.reopen() }
    #expect(file.containerName == "rm")
    #expect(file.codecName == "rv10")
    #expect(file.tracks.map(\.stream) == [0])
  }

  /// A hostile file may tell any duration and any time base.
  @Test func aTimeBeyondAllTicksIsTheNearestPossibleOne() throws {
    let file = try MediaFile(Overwritten(Self.film), limits: MediaLimits(), deadline: .after(seconds: 60))
    #expect([1e30, .infinity, -1e30, -.infinity, .nan].map(file.ticks) == [.max, .max, .min, .min, 0])
    #expect(file.ticks(2) == 2000)
  }
}
