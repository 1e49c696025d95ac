internal import Failures

/// Tells one version of a remote file from another.
///
/// It is identified by its size and, if it is a strong one, its entity tag (RFC 9110, 8.8.3). Servers that share a file may give it
/// different tags: with the same `Last-Modified`, it is taken to be the same file. Tags are compared here and never sent, since a cache
/// that does not know `If-Range` would answer with the whole file.
struct FileIdentity {
  /// In bytes; nil until the origin tells it.
  private(set) var size: Int64?
  private var tag: String?
  private var modified: String?

  /// Whether an answer may belong to the file that has been read so far.
  ///
  /// - Parameter size: the size of the file in the answer; nil if the answer does not tell it.
  func allows(_ head: HTTPResponse, size: Int64?) -> Bool {
    if let known = self.size, let size, known != size { return false }
    guard let known = tag, let other = Self.strongTag(head), known != other else { return true }
    return modified != nil && modified == head.headers["last-modified"]
  }

  /// Keeps what an answer tells of the file.
  ///
  /// - Throws: `SourceError` if the answer belongs to another file than those before.
  mutating func take(_ head: HTTPResponse, size: Int64?) throws(SourceError) {
    guard allows(head, size: size) else { throw SourceError(.source, "the video changed while it was read", isOtherFile: true) }
    self.size = self.size ?? size
    tag = tag ?? Self.strongTag(head)
    modified = modified ?? head.headers["last-modified"]
  }

  /// Keeps the size from a whole answer without a length, or from a refused range.
  mutating func take(size: Int64) throws(SourceError) {
    try take(HTTPResponse(), size: size)
  }

  private static func strongTag(_ head: HTTPResponse) -> String? {
    guard let tag = head.headers["etag"], tag.utf8.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
    return tag
  }
}
