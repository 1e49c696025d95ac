/// A number of things that a body asks for. One that is no whole number is -1, which is out of every range, and is refused like any other that is.
package struct RequestCount: Decodable, Equatable {
  package let value: Int

  package init(from decoder: any Decoder) throws {
    value = Int(exactly: try decoder.singleValueContainer().decode(Double.self)) ?? -1
  }
}
