package import Failures

/// No picture can be made of the file.
package struct MediaError: ClassifiedError {
  /// What is wrong with the file.
  ///
  /// If a file seems `unknownContainer`, `noVideo` or `undecodable`, it is opened again behind any junk at its beginning. A single picture
  /// that is `undecodable` is skipped if there are others. `overLimit` means one of ``MediaLimits``; `outOfMemory` means the decoder's
  /// limit, or this host's.
  package enum Kind: String, Sendable, CaseIterable {
    case empty, unknownContainer, noVideo, unsupportedCodec, undecodable, encrypted, overLimit, outOfMemory
  }

  /// Decides what is tried next. It is neither stored nor shown.
  package let kind: Kind
  /// A sentence for anyone.
  package let description: String
  /// FFmpeg's message, for the log.
  package let detail: String

  package init(_ kind: Kind, _ description: String, detail: String = "") {
    self.kind = kind
    self.description = description
    self.detail = detail
  }

  package static let memory = MediaError(
    .outOfMemory, "the video needs more memory than its decoder may use (MEDIA_MAX_MEMORY)")
  /// The video is finished, but its row has no URL.
  package static let noURL = MediaError(.noVideo, "Video URL is null")
  package static let noVideoStream = MediaError(.noVideo, "the file has no video stream")

  /// The attempt counts and is not retried, since the file will be the same.
  package var failureClass: FailureClass { .media }
  package var debugDescription: String { detail.isEmpty ? description : "\(description) (\(detail))" }

  /// The same error with another sentence.
  package func saying(_ description: String) -> MediaError { MediaError(kind, description, detail: detail) }
}
