/// One variable a program reads, as the documents tell of it.
package struct Setting: Equatable, Sendable, Encodable {
  /// The heading it stands under.
  package let subject: String
  /// The variable that is looked at first.
  package let name: String
  /// Names under which it is looked for where the first is not set, in this order.
  package let otherNames: [String]
  /// What holds where it is not set; empty: nothing.
  package let fallback: String
  /// What it may be, where that is a range or a choice of words; else empty.
  package let range: String
  /// Whether it may come from a file, too: `NAME_FILE`, or `NAME` among the credentials.
  package let isSecret: Bool
  /// In Markdown, links as docs/settings.md has them. Units belong here.
  package let meaning: String
}
