internal import FastCGI

/// The names of the fields of a JSON object in a request.
struct FieldNames: Decodable {
  private let names: [String]

  init(from decoder: any Decoder) throws {
    names = Array(try [String: Ignored](from: decoder).keys)
  }

  /// Refuses unknown fields, for requests that would do more than intended if a misspelt field were ignored.
  ///
  /// - Parameters:
  ///   - known: the known fields, in the order in which the sentence names them.
  ///   - object: the name of the object in the sentence.
  /// - Throws: a sentence with the known fields and an unknown one, which is cut to forty characters.
  func refuse(besides known: [String], in object: String) throws(BadRequest) {
    guard let other = names.filter({ !known.contains($0) }).min() else { return }
    throw BadRequest(text: "\(object) knows \(known.joined(separator: ", ")), not \(other.prefix(40))")
  }

  private struct Ignored: Decodable {
    init(from decoder: any Decoder) {}
  }
}
