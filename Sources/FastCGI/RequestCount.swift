/// A count in a request body. Anything but a whole number becomes -1, which is outside every range, so that the range check refuses it,
/// too.
package struct RequestCount: Decodable, Equatable {
  /// Any whole number, negative ones included; -1 for a fraction or a number too large for `Int`. The caller checks the range.
  package let value: Int

  package init(from decoder: any Decoder) throws {
    value = Int(exactly: try decoder.singleValueContainer().decode(Double.self)) ?? -1
  }
}
