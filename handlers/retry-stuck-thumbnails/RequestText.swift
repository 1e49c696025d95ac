internal import FastCGI
internal import FoundationEssentials

/// Checks texts in requests. Nil is a field that is not there, and passes.
enum RequestText {
  /// - Throws: if the text is longer than `most` characters, or has a NUL, which PostgreSQL's text cannot have.
  static func checkLength(of text: String?, _ name: String, atMost most: Int) throws(BadRequest) {
    guard let text, text.unicodeScalars.count > most || text.unicodeScalars.contains("\0") else { return }
    throw BadRequest(text: "\(name) is longer than \(most) characters, or not text")
  }

  /// - Throws: unless the text is ISO 8601 in UTC with up to six decimals, on a date that exists.
  static func checkTime(_ text: String?, _ name: String) throws(BadRequest) {
    if let text, !isTime(text) { throw BadRequest(text: "\(name) is not a time, for example 2030-01-31T12:00:00.000Z") }
  }

  private static func isTime(_ text: String) -> Bool {
    guard text.wholeMatch(of: /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z/.asciiOnlyDigits()) != nil,
      let date = try? Date.ISO8601FormatStyle().parse(text.prefix(19) + "Z")
    else { return false }
    return date.formatted(Date.ISO8601FormatStyle()).prefix(19) == text.prefix(19) && !text.hasPrefix("0000")
  }
}
