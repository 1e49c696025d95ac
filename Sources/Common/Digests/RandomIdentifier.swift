/// Identifiers for requests that came without one.
package enum RandomIdentifier {
  /// 32 hexadecimal digits from the system's generator.
  package static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    return Hexadecimal.string((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
  }
}
