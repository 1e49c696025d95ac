import Decoding
import Testing

@testable import Media

@Suite struct SampleDescriptionTests {
  /// A number of two descriptions of 4 and 6 bytes, and a table of three rows behind them.
  static let bytes: [UInt8] =
    [0, 0, 0, 2] + [UInt8](repeating: 1, count: 4) + [UInt8](repeating: 2, count: 6)
    + [0, 0, 0, 0, 0, 0, 0, 3] + [1, 2, 1].flatMap { [0, 0, 0, 7, 0, 0, 0, 7, 0, 0, 0, $0] }
  static let descriptions = SampleDescriptions(entries: [4..<8, 8..<14], table: 14..<58)

  @Test func anotherDescriptionComesFirst() throws {
    let source = LeadingJunkTests.Bytes(Self.bytes)
    let changed = ChangedSource(source, try Self.descriptions.changes(first: 1, in: source))
    let found = Array(try changed.bytes(at: 0, count: 58))
    #expect(changed.size == 58)
    #expect(found.prefix(14) == [0, 0, 0, 1, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1])
    #expect([33, 45, 57].map { found[$0] } == [2, 1, 2])
    #expect(found[22...].enumerated().allSatisfy { $0 % 12 == 11 || Self.bytes[22 + $0] == $1 })
  }

  @Test("each part of it", arguments: [0..<3, 2..<9, 5..<6, 13..<15, 40..<58, 57..<58])
  func parts(range: Range<Int>) throws {
    let source = LeadingJunkTests.Bytes(Self.bytes)
    let changed = ChangedSource(source, try Self.descriptions.changes(first: 1, in: source))
    let whole = Array(try changed.bytes(at: 0, count: 58))
    #expect(Array(try changed.bytes(at: Int64(range.lowerBound), count: range.count)) == Array(whole[range]))
  }

  @Test func whatIsTooLargeStaysAsItIs() throws {
    let far = SampleDescriptions(entries: [4..<8, 8..<2_000_000], table: 14..<58)
    #expect(try far.changes(first: 1, in: LeadingJunkTests.Bytes(Self.bytes)).isEmpty)
  }
}
