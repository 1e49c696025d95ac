package import Deadlines
internal import Decoding
package import Logging

extension Decoder {
  /// How a job is done, and for whom.
  package struct Terms {
    /// The uploader; nil if not known, so that the video shares its process with no other.
    package let tenant: String?
    package let deadline: Deadline
    /// How long a decoder may do nothing at all, in seconds.
    package let stillSeconds: Double
    package let logger: Logger
    /// Called whenever the work has made progress. If it throws, the work ends with that error.
    package let progress: () throws -> Void
    /// Called whenever the video has brought a decoder down, whether or not it is tried again.
    let onDecoderDown: (DecoderDown) -> Void

    package init(
      tenant: String?, deadline: Deadline, stillSeconds: Double, logger: Logger, progress: @escaping () throws -> Void = {},
      onDecoderDown: @escaping (DecoderDown) -> Void = { _ in }
    ) {
      self.tenant = tenant
      self.deadline = deadline
      self.stillSeconds = stillSeconds
      self.logger = logger
      self.progress = progress
      self.onDecoderDown = onDecoderDown
    }
  }

  /// A job for the decoder: what to make of which video.
  struct Request {
    let task: DecodingTask
    let source: any ByteSource
    let limits: MediaLimits
    let options: ThumbnailOptions
    let terms: Terms
  }
}
