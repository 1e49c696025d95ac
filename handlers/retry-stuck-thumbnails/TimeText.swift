internal import FoundationEssentials

/// Checks times in requests.
enum TimeText {
  /// Whether the text is ISO 8601 in UTC with up to six decimals, on a date that exists.
  static func isTime(_ text: String) -> Bool {
    guard text.wholeMatch(of: /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z/.asciiOnlyDigits()) != nil,
      let date = try? Date.ISO8601FormatStyle().parse(text.prefix(19) + "Z")
    else { return false }
    return date.formatted(Date.ISO8601FormatStyle()).prefix(19) == text.prefix(19) && !text.hasPrefix("0000")
  }
}
