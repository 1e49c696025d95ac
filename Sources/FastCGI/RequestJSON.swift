internal import FoundationEssentials

/// The counterpart of ``ReplyJSON``: decodes a body, or names in a sentence what is wrong with it.
package enum RequestJSON {
  /// Fields that `Body` does not have are ignored.
  ///
  /// - Throws: the name of the field that has the wrong type, or of the list that has such an element; otherwise that the body is no JSON
  ///   object, which also means that it lacks a required field.
  package static func decode<Body: Decodable>(_: Body.Type, from body: [UInt8]) throws(BadRequest) -> Body {
    do {
      return try JSONDecoder().decode(Body.self, from: Data(body))
    } catch DecodingError.typeMismatch(_, let context), DecodingError.dataCorrupted(let context) {
      // For an element of a list, the path ends with its index: the list is named.
      guard let field = context.codingPath.last(where: { $0.intValue == nil }) else { throw Self.noObject }
      throw BadRequest(text: "\(field.stringValue) has the wrong type")
    } catch {
      throw Self.noObject
    }
  }

  private static let noObject = BadRequest(text: "The body is not a JSON object")
}
