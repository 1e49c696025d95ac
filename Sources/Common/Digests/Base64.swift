internal import FoundationEssentials

/// Base64 text (RFC 4648, 4).
package enum Base64 {
  package static func string(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
