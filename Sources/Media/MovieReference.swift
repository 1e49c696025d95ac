internal import Decoding

/// Recognises a QuickTime movie whose pictures are in other files, which are not followed. It has a list of movies (`rmra`), or its tracks'
/// data references tell (ISO/IEC 14496-12, 8.7.2). Used only when nothing could be decoded: some complete files have such references, too.
enum MovieReference {
  /// How many bytes of an index to look at.
  private static let looked = 1 << 20

  /// - Returns: nil for other kinds of files.
  static func sentence(in source: any ByteSource) throws -> String? {
    guard let index = try IndexLocation.find(in: source)?.range else { return nil }
    let bytes = try source.upTo(min(looked, Int(clamping: index.upperBound - index.lowerBound)), at: index.lowerBound)
    // After the type come version, count, then size, type and flags of the first reference. The last bit of the flags means this file.
    let references = bytes.indices.filter {
      bytes[$0] == 0x64 && $0 + 24 <= bytes.count && bytes[$0..<$0 + 4].elementsEqual("dref".utf8)
    }
    let isElsewhere = !references.isEmpty && references.allSatisfy { bytes[$0 + 23] & 1 == 0 }
    guard isElsewhere || bytes.dropFirst(12).starts(with: "rmra".utf8) else { return nil }
    return
      "the file is a reference movie, which names its pictures in another file: that one is needed, or a self-contained copy"
  }
}
