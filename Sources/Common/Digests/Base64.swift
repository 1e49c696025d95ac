internal import FoundationEssentials

/// Base64 text (RFC 4648, 4).
package enum Base64 {
  /// With padding and without line breaks.
  package static func string(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
