/// One SQL statement. Every interpolated value becomes a parameter `$n` and is never part of the text.
///
///     let query: Query = "SELECT outcome FROM thumbnails.claim(\(id)::uuid, \(lease)::float8)"
package struct Query: ExpressibleByStringInterpolation, Sendable {
  /// The statement with `$1`, `$2` … in place of the values.
  package let sql: String
  /// The values in text form; nil is NULL.
  package let parameters: [String?]

  package init(stringLiteral value: String) {
    sql = value
    parameters = []
  }

  package init(stringInterpolation: StringInterpolation) {
    sql = stringInterpolation.sql
    parameters = stringInterpolation.parameters
  }

  /// Collects the text and the values of one statement. The server infers the type of each value; if it cannot, the statement has to cast
  /// it (`\(id)::uuid`).
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var sql = ""
    fileprivate var parameters: [String?] = []

    package init(literalCapacity: Int, interpolationCount: Int) {
      sql.reserveCapacity(literalCapacity + 4 * interpolationCount)
    }

    package mutating func appendLiteral(_ literal: String) { sql += literal }
    /// A text; nil is NULL. NUL bytes are removed.
    package mutating func appendInterpolation(_ value: String?) { append(value) }
    /// `t` or `f`; nil is NULL.
    package mutating func appendInterpolation(_ value: Bool?) { append(value.map { $0 ? "t" : "f" }) }
    /// In decimal; nil is NULL.
    package mutating func appendInterpolation(_ value: Int?) { append(value.map(String.init)) }
    /// With enough digits to read the same number back; nil is NULL.
    package mutating func appendInterpolation(_ value: Double?) { append(value.map { String($0) }) }

    /// An array in PostgreSQL's text form (8.15.2): every element is quoted, and nil is NULL.
    package mutating func appendInterpolation(_ values: [String?]) {
      let elements = values.map { $0.map { "\"\(Self.escaped($0))\"" } ?? "NULL" }
      append("{\(elements.joined(separator: ","))}")
    }

    /// An array's element as it is written between its quotes.
    private static func escaped(_ text: String) -> String {
      // Comparing bytes is enough: in UTF-8, neither byte is part of a longer character.
      let isSpecial = { (byte: UInt8) in byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") }
      guard text.utf8.contains(where: isSpecial) else { return text }
      return String(decoding: text.utf8.flatMap { isSpecial($0) ? [UInt8(ascii: "\\"), $0] : [$0] }, as: UTF8.self)
    }

    private mutating func append(_ value: String?) {
      // libpq would end the text at a NUL byte, and PostgreSQL's text cannot have one.
      parameters.append(value.map { $0.contains("\0") ? String($0.filter { $0 != "\0" }) : $0 })
      sql += "$\(parameters.count)"
    }
  }
}
