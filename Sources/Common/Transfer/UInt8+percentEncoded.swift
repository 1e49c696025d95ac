extension UInt8 {
  /// The byte in a URL: a percent sign and two hexadecimal digits (RFC 3986, 2.1).
  package var percentEncoded: String { (self < 16 ? "%0" : "%") + String(self, radix: 16, uppercase: true) }
}
