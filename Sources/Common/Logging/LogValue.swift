/// A typed value of a log line. A `Secret` can get into one only by writing `exposed`.
package enum LogValue: Sendable, Encodable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  case text(String)
  case integer(Int)
  case number(Double)

  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }

  /// Milliseconds, rounded to a tenth.
  package static func milliseconds(_ value: Double) -> LogValue { .number((value * 10).rounded() / 10) }

  /// A text from somebody else, cut to 500 Unicode scalars; a single character may have any number of them.
  package static func foreign(_ value: String) -> LogValue { .text(String(value.unicodeScalars.prefix(500))) }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    }
  }
}
