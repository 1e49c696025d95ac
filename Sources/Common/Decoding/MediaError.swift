package import Failures

/// A file no picture can be made of.
package struct MediaError: ClassifiedError {
  package enum Kind: String, Sendable, CaseIterable {
    case empty, unknownContainer, noVideo, unsupportedCodec, undecodable, encrypted, overLimit, outOfMemory
  }

  package let kind: Kind
  package let description: String
  /// FFmpeg's own words, for the log.
  package let detail: String

  package init(_ kind: Kind, _ description: String, detail: String = "") {
    self.kind = kind
    self.description = description
    self.detail = detail
  }

  package var failureClass: FailureClass { .media }
  package var debugDescription: String { detail.isEmpty ? description : "\(description) (\(detail))" }

  /// The same refusal in other words.
  package func saying(_ description: String) -> MediaError { MediaError(kind, description, detail: detail) }
}
