import Testing

@testable import Media

@Suite struct FragmentListTests {
  func box(_ type: String, _ body: [UInt8]) -> [UInt8] { number(8 + body.count) + Array(type.utf8) + body }
  func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
  /// The list of a track, with a fragment at second 0 that begins at a byte.
  func list(of track: Int) -> [UInt8] {
    box("tfra", number(0) + number(track) + number(0) + number(1) + number(0) + number(44) + [1, 1, 1])
  }
  func file(_ tracks: [Int]) -> [UInt8] {
    let lists = tracks.flatMap(list)
    return box("ftyp", number(0))
      + box("mfra", lists + number(16) + Array("mfro".utf8) + number(0) + number(8 + lists.count + 16))
  }
  func changed(_ bytes: [UInt8], keeping track: Int) throws -> [UInt8] {
    let source = SearchLimitTests.Limited(bytes, atMost: 1 << 20)
    var result = bytes
    for change in try FragmentLists.changes(keeping: track, in: source) {
      result.replaceSubrange(Int(change.place)..<Int(change.place) + change.bytes.count, with: change.bytes)
    }
    return result
  }

  @Test("only the list of the track is left", arguments: [([1, 2], 1), ([2, 1], 1), ([1], 1), ([3, 1, 2], 1)])
  func listsOfOthers(tracks: [Int], track: Int) throws {
    #expect(try changed(file(tracks), keeping: track) == file(tracks.map { $0 == track ? $0 : 0xffff_ffff }))
  }

  @Test func withoutAListOfTheTrackThereIsNone() throws {
    let bytes = try changed(file([2, 3]), keeping: 1)
    #expect(String(decoding: bytes[16..<20], as: UTF8.self) == "free")
  }

  @Test func everyPrefixOfAFileIsLookedAt() throws {
    let whole = file([1, 2])
    for length in 0..<whole.count {
      let part = Array(whole.prefix(length))
      #expect(try changed(part, keeping: 2) == part)
    }
    var huge = whole
    huge.replaceSubrange(huge.count - 4..<huge.count, with: [0xff, 0xff, 0xff, 0xff])
    #expect(try changed(huge, keeping: 2) == huge)
  }
}
