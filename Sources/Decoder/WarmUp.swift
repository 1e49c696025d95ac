internal import Deadlines
internal import Decoding
internal import Media

/// Makes a thumbnail of the built-in clip, so that children find everything loaded and set up. It starts no thread: those would be
/// missing in the children.
enum WarmUp {
  private static let formats = ImageFormat.allCases.filter { !$0.isOptional }

  /// Whether it can be done without something that this host lacks.
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
        _ = try ThumbnailMaker(limits: limits).make(
          from: BuiltInSource(), options: options, deadline: .after(seconds: 60)
        ) {}
      } catch {
        throw Box.Unavailable(refusal: Refusal(text: "its built-in clip gives no \(format.rawValue) picture: \(error)"))
      }
    }
    _ = ThumbnailMaker.takeLibraryLog()
  }

  private final class BuiltInSource: ByteSource {
    private let bytes = BuiltInClip.bytes
    var size: Int64? { Int64(bytes.count) }

    func bytes(at offset: Int64, count: Int) -> ArraySlice<UInt8> {
      bytes[min(Int(offset), bytes.count)..<min(Int(offset) + count, bytes.count)]
    }
  }
}
