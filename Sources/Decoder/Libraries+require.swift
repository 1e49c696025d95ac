internal import Decoding
internal import Media

extension Libraries {
  /// Loads the libraries, or throws what this host lacks.
  static func require() throws {
    do {
      try load()
    } catch {
      throw Refusal(text: error.reason)
    }
  }
}
