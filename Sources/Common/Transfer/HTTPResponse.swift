internal import CLibCurl
internal import Glibc

/// The answer to an ``HTTPRequest``.
package struct HTTPResponse: Sendable {
  /// The status code; 0 if no answer has come. A final answer replaces an interim one (100, 103).
  package internal(set) var status = 0
  /// The fields of the same head as ``status``.
  package internal(set) var headers = HeaderFields()
  /// The body as far as it has come, decoded if the request asks for that.
  package internal(set) var body: [UInt8] = []
  /// The number of raw bytes: heads, chunk framing, and the body before it is decoded. Counted only if the request limits them.
  package internal(set) var received = 0

  /// Whether it came from an address of the Internet.
  package internal(set) var isFromInternet = false

  /// An answer that has not come: status 0.
  package init() {}

  /// Seconds from `Retry-After` (RFC 9110, 10.2.3), at most a day. A date is relative to the answer's own `Date`. Nil for anything else.
  package var retryAfterSeconds: Double? {
    guard let text = headers["retry-after"] else { return nil }
    let seconds = Double(text) ?? Self.seconds(text).map { $0 - (headers["date"].flatMap(Self.seconds) ?? Double(time(nil))) }
    return seconds.flatMap { (0...86_400).contains($0) ? $0 : nil }
  }

  /// A date in seconds since 1970 (`curl_getdate`).
  private static func seconds(_ date: String) -> Double? {
    let seconds = unsafe curl_getdate(date, nil)
    return seconds < 0 ? nil : Double(seconds)
  }

  /// Whether the status is from 200 to 299.
  package var isSuccess: Bool { (200..<300).contains(status) }
}
