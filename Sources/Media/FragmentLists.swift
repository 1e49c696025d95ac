internal import Decoding

/// The lists of fragments at the end of an ISO base media file (`mfra`, ISO/IEC 14496-12, 8.8.9), one for each track. When libavformat looks
/// for a time of one track, it compares it with those of all lists, whose units differ: with the sound's list, it ends up near the beginning.
enum FragmentLists {
  /// The most lists to look at.
  private static let most = 256

  /// What to change in the file so that libavformat uses only one track's list, or none if that track has none.
  static func changes(keeping track: Int, in source: any ByteSource) throws -> [(place: Int64, bytes: [UInt8])] {
    guard let size = source.size, size > 16 else { return [] }
    let last = try source.upTo(16, at: size - 16)
    guard last.count == 16, last[4..<8].elementsEqual("mfro".utf8) else { return [] }
    let start = size - last.bigEndian(12..<16)
    guard start >= 0, let index = try BoxHeader.read(at: start, in: source), index.type == "mfra", let body = index.body else {
      return []
    }
    var changes: [(place: Int64, bytes: [UInt8])] = []
    var isListed = false
    var place = body.lowerBound
    for _ in 0..<most {
      guard let list = try BoxHeader.read(at: place, in: source), list.type == "tfra", let body = list.body else { break }
      // Version and flags come before the number of the track.
      let number = try source.upTo(8, at: body.lowerBound)
      guard number.count == 8 else { break }
      if number.bigEndian(4..<8) == track { isListed = true } else { changes.append((body.lowerBound + 4, noTrack)) }
      place = body.upperBound
    }
    return isListed || changes.isEmpty ? changes : [(start + 4, Array("free".utf8))]
  }

  /// A number that no track has.
  private static let noTrack: [UInt8] = [0xff, 0xff, 0xff, 0xff]
}
