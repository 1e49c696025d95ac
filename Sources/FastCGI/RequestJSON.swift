internal import FoundationEssentials

/// The counterpart of ``ReplyJSON``: decodes a body, or names in a sentence what is wrong with it.
package enum RequestJSON {
  /// Why a body cannot be decoded; the text goes into the reply.
  package struct Fault: Error, Equatable {
    /// Names the field that has the wrong type, or the list that has such an element; otherwise says that the body is no JSON object.
    package let text: String
  }

  /// Fields that `Body` does not have are ignored.
  ///
  /// - Throws: ``Fault`` if the text is no JSON object, lacks a required field, or has a field of the wrong type.
  package static func decode<Body: Decodable>(_: Body.Type, from body: [UInt8]) throws(Fault) -> Body {
    do {
      return try JSONDecoder().decode(Body.self, from: Data(body))
    } catch DecodingError.typeMismatch(_, let context), DecodingError.dataCorrupted(let context) {
      // For an element of a list, the path ends with its index: the list is named.
      guard let field = context.codingPath.last(where: { $0.intValue == nil }) else { throw Self.noObject }
      throw Fault(text: "\(field.stringValue) has the wrong type")
    } catch {
      throw Self.noObject
    }
  }

  private static let noObject = Fault(text: "The body is not a JSON object")
}
