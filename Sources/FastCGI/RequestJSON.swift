internal import FoundationEssentials

/// The other direction of ``ReplyJSON``: what a body asks for, or a sentence that names what is wrong with it.
package enum RequestJSON {
  /// Why a body cannot be understood; the text goes into the reply.
  package struct Fault: Error, Equatable {
    /// Names the field that has the wrong type, and the list where it is an element of one; else it says that the body is no JSON object.
    package let text: String
  }

  /// Fields that `Body` does not have are ignored.
  ///
  /// - Throws: ``Fault`` where the text is no JSON, no object or lacks a field, and where a field has the wrong type.
  package static func decode<Body: Decodable>(_: Body.Type, from body: [UInt8]) throws(Fault) -> Body {
    do {
      return try JSONDecoder().decode(Body.self, from: Data(body))
    } catch DecodingError.typeMismatch(_, let context), DecodingError.dataCorrupted(let context) {
      // Of an element of a list the list is named.
      guard let field = context.codingPath.last(where: { $0.intValue == nil }) else { throw Self.noObject }
      throw Fault(text: "\(field.stringValue) has the wrong type")
    } catch {
      throw Self.noObject
    }
  }

  private static let noObject = Fault(text: "The body is not a JSON object")
}
