/// The result of a ``DecodingTask``.
package enum DecodingResult: Sendable {
  case thumbnail(Thumbnail)
  case moments(Moments)

  /// The log lines of FFmpeg's libraries, at most ten.
  package var log: [String] {
    switch self {
    case .thumbnail(let thumbnail): thumbnail.log
    case .moments(let moments): moments.log
    }
  }
}
