internal import Decoding

/// A file that a program has taken for a text and given the line ends of Windows (FTP in its mode for texts, Git): before each byte that happens to be
/// a line feed (0x0a) there is a carriage return (0x0d).
enum LineEnds {
  /// Bytes that are looked at, and line feeds among them: without a conversion one of 256 bytes before them is a carriage return.
  private static let looked = 64 * 1024
  private static let fewest = 16

  static func sentence(in source: any ByteSource) throws -> String? {
    let bytes = try source.upTo(looked, at: 0)
    let feeds = bytes.indices.dropFirst().filter { bytes[$0] == 0x0a }
    guard feeds.count >= fewest, bytes.contains(0), feeds.allSatisfy({ bytes[$0 - 1] == 0x0d }) else { return nil }
    return sentence(what: "line ends")
  }

  /// - Parameter what: has been changed.
  static func sentence(what: String) -> String {
    "the file was taken for a text on its way (\(what)) and is destroyed: it has to be sent as bytes"
  }
}
