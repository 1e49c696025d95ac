/// A variable that a program reads, as the documents describe it.
package struct Setting: Equatable, Sendable, Encodable {
  /// The heading under which it is described.
  package let subject: String
  /// The variable that is read first.
  package let name: String
  /// Other names, which are read in this order if the first is not set.
  package let otherNames: [String]
  /// The default; empty if there is none.
  package let fallback: String
  /// The allowed range or words; empty if anything is allowed.
  package let range: String
  /// Whether it can also come from a file: `NAME_FILE`, or `NAME` in the credentials directory.
  package let isSecret: Bool
  /// In Markdown, with links relative to docs/settings.md. It names the unit.
  package let meaning: String
}
