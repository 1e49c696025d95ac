/// Recognises what people and editors add to a secret without noticing. It is refused, since it would be compared, too.
struct SecretFault {
  /// What is wrong and what to do about it. It follows the variable's name.
  let sentence: String

  /// What stands for bytes that are not UTF-8.
  static let replaced: Character = "\u{fffd}"

  /// - Returns: nil if nothing is wrong.
  init?(_ value: String, names: [String]) {
    let first = value.unicodeScalars.first
    if first == "\u{feff}" || first == "\u{fffe}" {
      sentence = "begins with a byte order mark (BOM): save it without one"
    } else if value.contains(Self.replaced) {
      sentence = "is not UTF-8"
    } else if value.contains(where: \.isNewline) {
      sentence = "holds a line end: it has to be one line"
    } else if value.first?.isWhitespace == true || value.last?.isWhitespace == true {
      sentence = "has blanks around it: leave them out"
    } else if value.count >= 2, let quote = value.first, "\"'`“‘".contains(quote), let last = value.last,
      "\"'`”’".contains(last)
    {
      sentence = "is in quotes, which would be part of it: leave them out"
    } else if let name = names.first(where: { value.hasPrefix("\($0)=") || value.hasPrefix("export \($0)=") }) {
      sentence = "begins with \(name)=: only what follows belongs there"
    } else {
      return nil
    }
  }

  /// Refuses also what no bearer secret may be: a short text, one with blanks, and a placeholder of the documentation.
  ///
  /// - Returns: nil if nothing is wrong.
  init?(ofBearer value: String) {
    let advice = "use for example the output of `openssl rand -hex 32`"
    if value.utf8.count < 16 {
      sentence = "is shorter than 16 bytes: \(advice)"
    } else if value.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }) {
      sentence = "contains a blank or control character, which no bearer token may"
    } else if Self.placeholders.contains(value.lowercased()) {
      sentence = "is still a placeholder: \(advice)"
    } else {
      return nil
    }
  }

  /// The examples in the documentation and the deployment files, verbatim.
  private static let placeholders = [
    "replace-me-with-openssl-rand-hex-32", "your-service-role-key", "your-service-role-key-here", "your_service_role_key",
    "your-cron-secret-here", "your_cron_secret_here", "changemechangeme",
  ]
}
