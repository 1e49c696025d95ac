/// A value that must never be printed. All its textual forms are a placeholder; only `exposed` gives the text.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The text itself, for comparing and sending. It must not get into logs, replies or rows.
  package let exposed: String

  /// Accepts any text. Whoever reads a setting checks length and form; an empty one stands for a setting that was reported as missing.
  package init(_ text: String) {
    exposed = text
  }

  package var description: String { "[redacted]" }
  package var debugDescription: String { "[redacted]" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
