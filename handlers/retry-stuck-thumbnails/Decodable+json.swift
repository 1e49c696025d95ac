internal import FoundationEssentials

extension Decodable {
  /// Decodes what a function of the database has answered.
  init(json: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
  }
}
