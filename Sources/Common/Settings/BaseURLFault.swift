/// Tells why a text is no base URL. A part that may be a secret is not shown.
struct BaseURLFault {
  /// It follows the name of the setting.
  let sentence: String

  /// - Returns: nil if nothing is wrong.
  init?(_ value: String) {
    let authority = (value.firstRange(of: "://").map { value[$0.upperBound...] } ?? value[...]).prefix { !"/?#".contains($0) }
    if authority.contains("@") {
      sentence = "holds a user or a password, which is sent to nobody"
    } else if value.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7f }) {
      sentence = "holds blanks, a line end or control characters"
    } else if value.contains(where: { "?#".contains($0) }) {
      sentence = "is a URL with a query or a fragment"
    } else if !["http://", "https://"].contains(where: value.hasPrefix) || authority.isEmpty {
      sentence = "is \"\(value)\", which does not begin with http:// or https:// and a host"
    } else if value.contains("/functions/v1") {
      sentence = "is \"\(value)\", with /functions/v1, which the programs add themselves"
    } else {
      return nil
    }
  }
}
