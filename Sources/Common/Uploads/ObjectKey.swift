internal import Digests

/// Keys of thumbnails: `thumbnails/<videoId>/<content hash>-<claim token>.<extension>`, and beside it, with the same stem, whatever else the
/// claim has made: `<content hash>-<claim token>-480.webp`.
///
/// The hash makes a regenerated thumbnail a new URL, so that a year of caching never shows a stale one; the token keeps two
/// workers from ever sharing a key.
package enum ObjectKey {
  /// What all keys begin with. The garbage collector looks at no other part of the store.
  package static let prefix = "thumbnails/"

  /// What all keys of one claim begin with.
  ///
  /// - Parameter bytes: the main picture.
  package static func stem(videoID: String, bytes: [UInt8], token: Int64) -> String {
    "\(prefix)\(videoID.lowercased())/\(SHA256.hex(bytes).prefix(16))-\(token)"
  }

  /// The stem of the claim a main object is of; nil for a key that is none of a main object.
  package static func stem(ofMain key: String) -> Substring? {
    guard let name = key.split(separator: "/").last, let dot = name.firstIndex(of: "."), !name.hasPrefix("."),
      name[..<dot].filter({ $0 == "-" }).count == 1
    else { return nil }
    return key[..<dot]
  }

  /// Whether a key can be used as a relative path and in a URL as it is.
  static func isSafe(_ key: String) -> Bool {
    !key.isEmpty && key.utf8.count <= 512
      && key.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part != "." && part != ".."
          && part.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte)
              || byte == 0x2d || byte == 0x2e || byte == 0x5f
          }
      }
  }
}
