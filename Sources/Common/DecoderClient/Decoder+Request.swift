package import Deadlines
package import Decoding
package import Logging

extension Decoder {
  /// A job for the decoder: what to make of which video.
  package struct Request {
    let source: any ByteSource
    let task: DecodingTask
    let limits: MediaLimits
    let options: ThumbnailOptions
    let tenant: String?
    let deadline: Deadline
    let stillSeconds: Double
    let progress: () throws -> Void
    let onDecoderDown: (DecoderDown) -> Void
    let logger: Logger

    /// - Parameters:
    ///   - tenant: the uploader; nil if not known, so that the video shares its process with no other.
    ///   - stillSeconds: how long a decoder may do nothing at all.
    ///   - progress: called whenever the work has made progress; if it throws, the work ends with that error.
    ///   - onDecoderDown: called whenever the video has brought a decoder down, whether or not it is retried.
    package init(
      source: any ByteSource, task: DecodingTask = .thumbnail, limits: MediaLimits, options: ThumbnailOptions, tenant: String?,
      deadline: Deadline, stillSeconds: Double, logger: Logger, progress: @escaping () throws -> Void,
      onDecoderDown: @escaping (DecoderDown) -> Void = { _ in }
    ) {
      self.source = source
      self.task = task
      self.limits = limits
      self.options = options
      self.tenant = tenant
      self.deadline = deadline
      self.stillSeconds = stillSeconds
      self.progress = progress
      self.onDecoderDown = onDecoderDown
      self.logger = logger
    }
  }
}
