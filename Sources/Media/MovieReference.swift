internal import Decoding

/// A QuickTime movie whose pictures are in other files, which are not followed: told by a list of movies (`rmra`), or by the tracks' data
/// references (ISO/IEC 14496-12, 8.7.2). Asked for only where nothing could be decoded: some files have all they need, and say otherwise.
enum MovieReference {
  /// Bytes of an index that are looked at.
  private static let looked = 1 << 20

  /// - Returns: nil for files of other kinds.
  static func sentence(in source: any ByteSource) throws -> String? {
    guard let index = try IndexLocation.find(in: source)?.range else { return nil }
    let bytes = try source.upTo(min(looked, Int(clamping: index.upperBound - index.lowerBound)), at: index.lowerBound)
    // Behind the type: version, number, size and type of the first one, and its flags, of which the last bit says that it is this file.
    let references = bytes.indices.filter {
      bytes[$0] == 0x64 && $0 + 24 <= bytes.count && bytes[$0..<$0 + 4].elementsEqual("dref".utf8)
    }
    let isElsewhere = !references.isEmpty && references.allSatisfy { bytes[$0 + 23] & 1 == 0 }
    guard isElsewhere || bytes.dropFirst(12).starts(with: "rmra".utf8) else { return nil }
    return
      "the file is a reference movie, which names its pictures in another file: that one is needed, or a self-contained copy"
  }
}
