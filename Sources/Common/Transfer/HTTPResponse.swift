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

  /// Why a call failed, for operators: the status, and what helps if it did not reach a handler. Redirects are not followed.
  package var outcome: String {
    switch status {
    case 200..<300: "\(status), and not as a handler does: the URL has to be the handlers' own"
    case 300..<400: "\(status), a redirect: the URL has to be the handlers' own, with https:// where that is asked for"
    // All errors of handlers, and those of nginx in our configuration, have an `error`.
    case 400..<500 where member("error") == nil:
      "\(status), and not as a handler does: a web server or gateway in front of it lets nobody through"
    default: "\(status)"
    }
  }

  /// Whether a handler does not know the secret. Password protection and gateways in front of it answer 401 in other ways.
  package var isUnknownSecret: Bool { status == 401 && member("error") == "Unauthorized" }
}
