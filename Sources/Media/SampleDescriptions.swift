internal import Decoding

/// The sample descriptions of a track in an ISO base media file (ISO/IEC 14496-12, 8.5.2) whose codecs differ, as in a recording to which
/// another was added. libavformat reads only the samples of the first codec.
struct SampleDescriptions {
  /// The descriptions, one behind the other.
  let entries: [Range<Int64>]
  /// The table that tells the description of each sample (`stsc`, 8.7.4), without the header of its box.
  let table: Range<Int64>

  /// The most descriptions to look at, and the most bytes of them and of the table.
  static let most = 4
  private static let mostBytes: Int64 = 1 << 20

  /// What to change in the file so that another description comes first, and is the only one.
  ///
  /// - Parameter number: its place in ``entries``.
  func changes(first number: Int, in source: any ByteSource) throws -> [(place: Int64, bytes: [UInt8])] {
    guard let start = entries.first?.lowerBound, let end = entries.last?.upperBound,
      end - start <= Self.mostBytes, table.upperBound - table.lowerBound <= Self.mostBytes
    else { return [] }
    let descriptions = try source.upTo(Int(end - start), at: start)
    var chunks = try source.upTo(Int(table.upperBound - table.lowerBound), at: table.lowerBound)
    guard descriptions.count == Int(end - start) else { return [] }
    let parts = entries.map { descriptions[Int($0.lowerBound - start)..<Int($0.upperBound - start)] }
    let ordered = [parts[number]] + parts[..<number] + parts[(number + 1)...]
    // Version, flags and the number of rows come first. A row is three numbers, of which the last is that of a description, from 1.
    for place in stride(from: 16, through: chunks.count - 4, by: 12) {
      let told = chunks.bigEndian(place..<place + 4)
      guard (1...Int64(number) + 1).contains(told) else { continue }
      let wanted = told == number + 1 ? 1 : told + 1
      chunks.replaceSubrange(place..<place + 4, with: [0, 0, 0, UInt8(wanted)])
    }
    // Their number is before the first of them.
    return [(start - 4, [0, 0, 0, 1] + ordered.flatMap { $0 }), (table.lowerBound, chunks)]
  }
}
