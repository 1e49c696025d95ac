package import Deadlines
package import Decoding
package import Logging

extension Decoder {
  /// What is to be made of which video.
  package struct Request {
    let source: any ByteSource
    let task: DecodingTask
    let limits: MediaLimits
    let options: ThumbnailOptions
    let tenant: String?
    let deadline: Deadline
    let stillSeconds: Double
    let progress: () throws -> Void
    let broughtDown: (DecoderDown) -> Void
    let logger: Logger

    /// - Parameters:
    ///   - tenant: whose video it is; nil where nobody knows, so that it shares its process with no other.
    ///   - stillSeconds: how long a decoder may do nothing at all.
    ///   - progress: called whenever the work has come further; what it throws ends it.
    ///   - broughtDown: called whenever the video has brought a decoder down, whether or not it is tried once more.
    package init(
      source: any ByteSource, task: DecodingTask = .thumbnail, limits: MediaLimits, options: ThumbnailOptions, tenant: String?,
      deadline: Deadline, stillSeconds: Double, logger: Logger, progress: @escaping () throws -> Void,
      broughtDown: @escaping (DecoderDown) -> Void = { _ in }
    ) {
      self.source = source
      self.task = task
      self.limits = limits
      self.options = options
      self.tenant = tenant
      self.deadline = deadline
      self.stillSeconds = stillSeconds
      self.progress = progress
      self.broughtDown = broughtDown
      self.logger = logger
    }
  }
}
