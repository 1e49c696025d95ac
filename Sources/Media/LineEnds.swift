internal import Decoding

/// Recognises a file that a program took for a text and gave the line ends of Windows (Git, FTP in text mode): before each byte that
/// happens to be a line feed (0x0a) there is a carriage return (0x0d).
enum LineEnds {
  /// How many bytes are looked at.
  private static let looked = 64 * 1024
  /// How many line feeds there must be among them. Without a conversion, one in 256 follows a carriage return.
  private static let fewest = 16

  static func sentence(in source: any ByteSource) throws -> String? {
    let bytes = try source.upTo(looked, at: 0)
    let feeds = bytes.indices.dropFirst().filter { bytes[$0] == 0x0a }
    guard feeds.count >= fewest, bytes.contains(0), feeds.allSatisfy({ bytes[$0 - 1] == 0x0d }) else { return nil }
    return sentence(what: "line ends")
  }

  /// - Parameter what: what was converted.
  static func sentence(what: String) -> String {
    "the file was taken for a text on its way (\(what)) and is destroyed: it has to be sent as bytes"
  }
}
