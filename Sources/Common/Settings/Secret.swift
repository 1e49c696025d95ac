/// A value that must never be printed. Every textual form of it is a placeholder; `exposed` is the only way to the text.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The text itself: for comparing and sending, never for logs, replies or rows.
  package let exposed: String

  /// Takes any text. Length and form are looked at where a setting is read; an empty one stands for a setting that was reported missing.
  package init(_ text: String) {
    exposed = text
  }

  package var description: String { "[redacted]" }
  package var debugDescription: String { "[redacted]" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
