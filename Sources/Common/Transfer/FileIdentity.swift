internal import Failures

/// What tells one version of a remote file from another.
///
/// Its size, and its entity tag where that is a strong one (RFC 9110, 8.8.3). Servers that share a file give it tags of their own: one
/// whose `Last-Modified` is the same is taken for the same. Tags are compared here and never sent back: a cache that does not know
/// `If-Range` would answer with the whole file.
struct FileIdentity {
  /// In bytes; nil as long as the origin has not told.
  private(set) var size: Int64?
  private var tag: String?
  private var modified: String?

  /// Whether an answer may be of the file that has been read so far.
  ///
  /// - Parameter size: what it says of the size of the file; nil where it says nothing.
  func allows(_ head: HTTPResponse, size: Int64?) -> Bool {
    if let known = self.size, let size, known != size { return false }
    guard let known = tag, let other = Self.strongTag(head), known != other else { return true }
    return modified != nil && modified == head.headers["last-modified"]
  }

  /// Keeps what an answer says.
  ///
  /// - Throws: where it is of another file than those before.
  mutating func take(_ head: HTTPResponse, size: Int64?) throws(SourceError) {
    guard allows(head, size: size) else { throw SourceError(.source, "the video changed while it was read", isOtherFile: true) }
    self.size = self.size ?? size
    tag = tag ?? Self.strongTag(head)
    modified = modified ?? head.headers["last-modified"]
  }

  /// Of whole answers without a length, and of ends that were found by asking.
  mutating func take(size: Int64) throws(SourceError) {
    try take(HTTPResponse(), size: size)
  }

  private static func strongTag(_ head: HTTPResponse) -> String? {
    guard let tag = head.headers["etag"], tag.utf8.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
    return tag
  }
}
