/// All problems of the settings at once.
package struct SettingsError: Error, CustomStringConvertible {
  /// One sentence for each: name, what is expected, an example.
  package let problems: [String]

  package var description: String {
    (["the settings are not usable:"] + problems.map { "  - \($0)" }).joined(separator: "\n")
  }
}
