internal import CLibCurl
internal import Glibc

/// The answer to an ``HTTPRequest``.
package struct HTTPResponse: Sendable {
  /// The status code; 0 where no answer has come. A final answer replaces what an interim one (100, 103) has set.
  package internal(set) var status = 0
  /// The fields of the same head as ``status``.
  package internal(set) var headers = HeaderFields()
  /// What has come of the body, decoded where the request says so; in a ``TransferError`` its beginning.
  package internal(set) var body: [UInt8] = []
  /// Bytes as they came: heads, what frames chunks, and a body before it is decoded. Counted only where the request limits them.
  package internal(set) var received = 0

  /// Nothing has been answered yet: status 0.
  package init() {}

  /// Seconds of `Retry-After` (RFC 9110, 10.2.3), up to a day; a date is counted from the answer's own `Date`. Nil for anything else.
  package var retryAfterSeconds: Double? {
    guard let text = headers["retry-after"] else { return nil }
    let seconds = Double(text) ?? Self.seconds(text).map { $0 - (headers["date"].flatMap(Self.seconds) ?? Double(time(nil))) }
    return seconds.flatMap { (0...86_400).contains($0) ? $0 : nil }
  }

  /// Seconds since 1970 of a date (`curl_getdate`).
  private static func seconds(_ date: String) -> Double? {
    let seconds = unsafe curl_getdate(date, nil)
    return seconds < 0 ? nil : Double(seconds)
  }

  /// Whether the status is one from 200 to 299.
  package var isSuccess: Bool { (200..<300).contains(status) }

  /// The status of a call that came to nothing, for operators; and what helps where it has not come to a handler. No redirect is followed.
  package var outcome: String {
    switch status {
    case 200..<300: "\(status), and not as a handler does: the URL has to be the handlers' own"
    case 300..<400: "\(status), a redirect: the URL has to be the handlers' own, with https:// where that is asked for"
    // Each answer of a handler that is no success has one, and each of nginx's in our configuration.
    case 400..<500 where member("error") == nil:
      "\(status), and not as a handler does: a web server or gateway in front of it lets nobody through"
    default: "\(status)"
    }
  }

  /// Whether a handler does not know the secret it was shown. Passwords and gateways in front of it have a 401 of their own.
  package var isUnknownSecret: Bool { status == 401 && member("error") == "Unauthorized" }
}
