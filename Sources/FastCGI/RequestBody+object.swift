extension [UInt8] {
  /// Whether the body looks like a JSON object after any blanks and byte order mark. Cron services may send any body.
  package var isObject: Bool {
    first { ![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].contains($0) } == UInt8(ascii: "{")
  }
}
