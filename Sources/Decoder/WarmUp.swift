internal import Deadlines
internal import Decoding
internal import Media

/// Makes a thumbnail of the built-in clip as a child does, including the messages of the job and the pictures, so that children find
/// everything loaded and set up. It starts no thread, since threads do not survive the fork.
enum WarmUp {
  private static let formats = ImageFormat.allCases.filter { !$0.isOptional }

  /// Whether the built-in clip can be made into pictures without the missing parts.
  static func isPossible(without missing: [String]) -> Bool {
    Set(missing).isSubset(of: ImageFormat.allCases.filter(\.isOptional).map(\.lack))
  }

  static func run() throws {
    for format in formats {
      var options = ThumbnailOptions()
      options.formats = [format]
      var limits = MediaLimits()
      limits.threads = 1
      do {
        try make(DecodingJob(limits: limits, options: options, seconds: 60, size: nil))
      } catch {
        throw Refusal(text: "its built-in clip gives no \(format.rawValue) picture: \(error)")
      }
    }
    _ = PictureMaker.takeLibraryLog()
  }

  private static func make(_ sent: DecodingJob) throws {
    let job = try Message(sent).content(DecodingJob.self)
    let maker = PictureMaker(limits: job.limits, options: job.options, deadline: .after(seconds: job.seconds))
    guard case .thumbnail(let thumbnail) = try maker.make(job.task, from: BuiltInSource(), progress: {}) else { return }
    for picture in thumbnail.pictures { _ = Message(picture).bytes }
    _ = Message(thumbnail).bytes
  }

  private final class BuiltInSource: ByteSource {
    private let bytes = BuiltInClip.bytes
    var size: Int64? { Int64(bytes.count) }

    func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
      _ = Message(ReadRequest(offset: offset, count: count, welcome: count, used: offset, expected: nil)).bytes
      let answer = SourceData(size: size, bytes: bytes[min(Int(offset), bytes.count)..<min(Int(offset) + count, bytes.count)])
      return try Message(answer).content(SourceData.self).bytes
    }
  }
}
