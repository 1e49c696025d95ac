/// The names of an object's fields in a request.
struct FieldNames: Decodable {
  private let names: [String]

  init(from decoder: any Decoder) throws {
    names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue)
  }

  /// Refuses other fields than these: for requests that would do more than was meant if a misspelt field were ignored.
  ///
  /// - Parameters:
  ///   - known: the fields there are, in the order in which the sentence names them.
  ///   - object: what the object is called in the sentence.
  /// - Throws: a sentence that names the known fields and an unknown one, of which it has at most forty characters.
  func refuse(besides known: [String], in object: String) throws(BadRequest) {
    guard let other = names.filter({ !known.contains($0) }).min() else { return }
    throw BadRequest(text: "\(object) knows \(known.joined(separator: ", ")), not \(other.prefix(40))")
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
