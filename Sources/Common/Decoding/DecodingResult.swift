/// The result of a ``DecodingTask``.
package enum DecodingResult: Sendable {
  case thumbnail(Thumbnail)
  case moments(Moments)
}
