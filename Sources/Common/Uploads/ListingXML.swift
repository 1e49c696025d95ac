internal import FoundationEssentials

/// Reads the parts that are needed of a `ListObjectsV2` answer: `Contents/Key`, `Contents/LastModified`, `IsTruncated`,
/// `NextContinuationToken`.
///
/// It is no general XML reader: elements are found by name.
struct ListingXML {
  private(set) var listing = ObjectListing()
  /// The continuation token for the next page; nil at the end.
  let token: String?

  /// Nil if the text is no such answer, if an object has no readable key or time, or if the listing is truncated but does not tell where
  /// the next page begins.
  init?(_ text: String) {
    guard text.contains("<ListBucketResult") else { return nil }
    let isTruncated = text.components("IsTruncated").first == "true"
    token = isTruncated ? text.components("NextContinuationToken").first.map(Self.decode) : nil
    for part in text.components("Contents") {
      guard let key = part.components("Key").first.map(Self.decode),
        let modified = part.components("LastModified").first.flatMap({ Self.seconds(String($0)) })
      else { return nil }
      listing.entries.append(ObjectListing.Entry(key: key, modifiedSeconds: modified))
    }
    if isTruncated { listing.next = listing.entries.last?.key }
    if isTruncated && listing.next == nil && token == nil { return nil }
  }

  private static func decode(_ text: Substring) -> String {
    var result = ""
    var rest = text
    while let start = rest.firstIndex(of: "&") {
      result += rest[..<start]
      rest = rest[start...]
      guard let end = rest.firstIndex(of: ";"), let scalar = scalar(rest[rest.index(after: start)..<end]) else {
        result.append(rest.removeFirst())
        continue
      }
      result.unicodeScalars.append(scalar)
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  /// The character of a reference: `amp`, `#39`, `#x27`. Programs in Go write quotes as numbers.
  private static func scalar(_ reference: Substring) -> UnicodeScalar? {
    if let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"][reference] as UnicodeScalar? { return named }
    let number =
      reference.hasPrefix("#x")
      ? UInt32(reference.dropFirst(2), radix: 16) : reference.hasPrefix("#") ? UInt32(reference.dropFirst()) : nil
    return number.flatMap { $0 == 0 ? nil : UnicodeScalar($0) }
  }

  private static func seconds(_ text: String) -> Double? {
    let plain = text.firstIndex(of: ".").map { text[..<$0] + "Z" } ?? Substring(text)
    return (try? Date.ISO8601FormatStyle().parse(String(plain)))?.timeIntervalSince1970
  }
}

extension StringProtocol {
  /// Each text between `<name>` and `</name>`.
  fileprivate func components(_ name: String) -> [SubSequence] {
    var found: [SubSequence] = []
    var rest = self[...]
    while let start = rest.firstRange(of: "<\(name)>") {
      rest = rest[start.upperBound...]
      guard let end = rest.firstRange(of: "</\(name)>") else { break }
      found.append(rest[..<end.lowerBound])
      rest = rest[end.upperBound...]
    }
    return found
  }
}
