internal import FoundationEssentials

/// The id of a video, as callers write it and as the database does: a UUID, in lower case.
package struct VideoID: Hashable, Sendable, CustomStringConvertible {
  /// 36 characters.
  package let text: String

  /// Nil for what is no UUID.
  package init?(_ text: some StringProtocol) {
    guard let id = UUID(uuidString: String(text)) else { return nil }
    self.text = id.uuidString.lowercased()
  }

  package var description: String { text }
}
