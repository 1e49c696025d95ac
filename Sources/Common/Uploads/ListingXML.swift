internal import FoundationEssentials

/// The answer of `ListObjectsV2`, as far as it is needed: `Contents/Key`, `Contents/LastModified`, `IsTruncated`.
///
/// Not a general XML reader: the elements are looked for by name, and of references only the five XML knows by itself are decoded.
enum ListingXML {
  /// - Returns: nil where the text is no such answer.
  static func parse(_ text: String) -> ObjectListing? {
    guard text.contains("<ListBucketResult") else { return nil }
    var listing = ObjectListing()
    var last: String?
    for part in text.components("Contents") {
      guard let key = part.components("Key").first else { return nil }
      let decoded = decode(key)
      last = decoded
      guard let modified = part.components("LastModified").first.flatMap({ seconds(String($0)) }) else { continue }
      listing.entries.append(ObjectListing.Entry(key: decoded, modifiedSeconds: modified))
    }
    if text.components("IsTruncated").first == "true" { listing.next = last }
    return listing
  }

  private static func decode(_ text: Substring) -> String {
    var result = ""
    var rest = text
    while let start = rest.firstIndex(of: "&") {
      result += rest[..<start]
      rest = rest[start...]
      guard let reference = references.first(where: { rest.hasPrefix($0.name) }) else {
        result.append(rest.removeFirst())
        continue
      }
      result += reference.text
      rest = rest.dropFirst(reference.name.count)
    }
    return result + rest
  }

  private static let references = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'")]
    .map { (name: $0.0, text: $0.1) }

  private static func seconds(_ text: String) -> Double? {
    let plain = text.firstIndex(of: ".").map { text[..<$0] + "Z" } ?? Substring(text)
    return (try? Date.ISO8601FormatStyle().parse(String(plain)))?.timeIntervalSince1970
  }
}

extension StringProtocol {
  /// What stands between `<name>` and `</name>`, each time.
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
