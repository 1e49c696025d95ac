internal import Digests
internal import Transfer

/// Keys of thumbnails: `thumbnails/<videoId>/<content hash>-<claim token>.<extension>`. The other objects of the claim are beside it, with
/// the same stem: `<content hash>-<claim token>-480.webp`.
///
/// With the hash, a regenerated thumbnail has a new URL, so that a year of caching never shows a stale one. With the token, two workers
/// never share a key.
package enum ObjectKey {
  /// The beginning of all keys. The garbage collector reads no other part of the store.
  package static let prefix = "thumbnails/"

  /// The common beginning of all keys of one claim.
  ///
  /// - Parameter bytes: the main picture.
  package static func stem(videoID: String, bytes: [UInt8], token: Int) -> String {
    "\(prefix)\(videoID.lowercased())/\(SHA256.hex(bytes).prefix(16))-\(token)"
  }

  /// The key of a claim's main object, which its row names.
  ///
  /// - Parameter type: the file name's extension, without a dot.
  package static func main(_ stem: String, type: String) -> String { "\(stem).\(type)" }

  /// The key of another object of a claim; `name` tells it from the others.
  package static func sibling(_ stem: String, _ name: Int, type: String) -> String { "\(siblingPrefix(stem))\(name).\(type)" }

  /// The common beginning of the keys of all a claim's objects but the main one.
  package static func siblingPrefix(_ stem: some StringProtocol) -> String { "\(stem)-" }

  /// The stem of the claim to which a main object belongs; nil if the key is not of a main object.
  package static func stem(ofMain key: String) -> Substring? {
    guard let name = key.split(separator: "/").last, let dot = name.firstIndex(of: "."),
      name[..<dot].filter({ $0 == "-" }).count == 1
    else { return nil }
    return key[..<dot]
  }

  /// Whether a key can be used unchanged as a relative path and in a URL.
  static func isSafe(_ key: String) -> Bool {
    key.utf8.count <= 512
      && key.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part != "." && part != ".." && part.utf8.allSatisfy(\.isNameByte)
      }
  }
}
