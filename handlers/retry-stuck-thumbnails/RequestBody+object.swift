extension [UInt8] {
  /// Whether it looks like a JSON object, whatever blanks or byte order mark stand before it. Cron services send what they like.
  var isObject: Bool {
    first { ![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].contains($0) } == UInt8(ascii: "{")
  }
}
