package import Failures

/// A file no picture can be made of.
package struct MediaError: ClassifiedError {
  /// What is wrong with the file.
  ///
  /// A file that seems `unknownContainer`, `noVideo` or `undecodable` is looked at once more behind any junk at its beginning. A single
  /// picture that is `undecodable` is passed over where there is a choice. `overLimit` is one of ``MediaLimits``; `outOfMemory` is the limit
  /// of the decoder, or of this host.
  package enum Kind: String, Sendable, CaseIterable {
    case empty, unknownContainer, noVideo, unsupportedCodec, undecodable, encrypted, overLimit, outOfMemory
  }

  /// What is tried next depends on it. It is neither stored nor shown.
  package let kind: Kind
  /// A sentence for anyone.
  package let description: String
  /// FFmpeg's own words, for the log.
  package let detail: String

  package init(_ kind: Kind, _ description: String, detail: String = "") {
    self.kind = kind
    self.description = description
    self.detail = detail
  }

  package static let noVideoStream = MediaError(.noVideo, "the file has no video stream")

  /// The attempt counts, and there is no other: the file will be the same.
  package var failureClass: FailureClass { .media }
  package var debugDescription: String { detail.isEmpty ? description : "\(description) (\(detail))" }

  /// The same refusal in other words.
  package func saying(_ description: String) -> MediaError { MediaError(kind, description, detail: detail) }
}
