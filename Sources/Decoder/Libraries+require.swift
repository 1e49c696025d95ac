internal import Decoding
internal import Media

extension Libraries {
  /// Loads them, or says what this host lacks.
  static func require() throws {
    do {
      try load()
    } catch {
      throw Box.Unavailable(refusal: Refusal(text: error.reason))
    }
  }
}
