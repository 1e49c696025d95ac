internal import FastCGI

/// Why a request cannot be understood; the text goes into the reply.
struct BadRequest: Error, Equatable {
  let text: String

  static func decode<Body: Decodable>(_ type: Body.Type, from body: [UInt8]) throws(BadRequest) -> Body {
    do {
      return try RequestJSON.decode(type, from: body)
    } catch {
      throw BadRequest(text: error.text)
    }
  }
}

extension ClosedRange<Int> {
  /// The range as it is written in error messages.
  var inWords: String { "\(lowerBound) to \(upperBound)" }
}
