internal import Digests

/// Keys of thumbnails: `thumbnails/<videoId>/<content hash>-<claim token>.<extension>`.
///
/// The hash makes a regenerated thumbnail a new URL, so that a year of caching never shows a stale one; the token keeps two
/// workers from ever sharing a key.
package enum ObjectKey {
  package static let prefix = "thumbnails/"

  package static func make(videoID: String, bytes: [UInt8], token: Int64, fileExtension: String) -> String {
    "\(prefix)\(videoID.lowercased())/\(SHA256.hex(bytes).prefix(16))-\(token).\(fileExtension)"
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
