/// A number of things that a body asks for. One that is no whole number is -1, which is out of every range, and is refused like any other that is.
package struct RequestCount: Decodable, Equatable {
  /// Any whole number, negative ones included; -1 where it has a fraction or fits into no `Int`. The caller looks at the range.
  package let value: Int

  package init(from decoder: any Decoder) throws {
    value = Int(exactly: try decoder.singleValueContainer().decode(Double.self)) ?? -1
  }
}
