/// The `Content-Range` of a 206 or 416 answer (RFC 9110, 14.4): `bytes 0-99/1234`, `bytes 0-99/*`, `bytes */1234`.
struct ContentRange: Equatable, Sendable {
  /// First and last byte of the body within the file; nil if the range could not be satisfied.
  let bounds: ClosedRange<Int64>?
  /// Size of the whole file; nil if the origin does not know it.
  let size: Int64?

  /// No file is longer than this (1 PiB). A larger number is nonsense, and sums of two such numbers might overflow.
  static let maximum: Int64 = 1 << 50

  /// Nil if the field is missing or malformed, has another unit than bytes, or a number larger than any file. `bytes=` is accepted, too.
  init?(_ header: String?) {
    guard let header, header.lowercased().hasPrefix("bytes") else { return nil }
    let parts = header.dropFirst("bytes".count).drop { $0 == " " || $0 == "=" }.split(separator: "/")
    guard parts.count == 2 else { return nil }
    size = Int64(parts[1])
    if let size, !(0...Self.maximum).contains(size) { return nil }
    if parts[0] == "*" {
      bounds = nil
      return
    }
    let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Int64(ends[0]), let last = Int64(ends[1]), first <= last, last < Self.maximum
    else { return nil }
    bounds = first...last
  }
}
