internal import Decoding

extension MediaError {
  /// - Parameter code: FFmpeg's reason, whose sentence goes into the log.
  init(_ kind: Kind, _ description: String, code: AVErrorCode?) {
    self.init(kind, description, detail: code.map { "\($0)" } ?? "")
  }

  static var undecodable: MediaError { MediaError(.undecodable, "no picture of the video can be decoded") }

  static var tooSlow: MediaError {
    MediaError(
      .overLimit, "the video took too much processor time before a picture could be decoded (MEDIA_SEARCH_SECONDS)")
  }
}
