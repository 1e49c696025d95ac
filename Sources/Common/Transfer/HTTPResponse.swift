/// The answer to an ``HTTPRequest``.
package struct HTTPResponse: Sendable {
  package internal(set) var status = 0
  package internal(set) var headers = HeaderFields()
  package internal(set) var body: [UInt8] = []

  package init() {}

  /// Seconds of `Retry-After` in its numeric form (RFC 9110, 10.2.3); the date form is ignored.
  package var retryAfterSeconds: Double? {
    guard let text = headers["retry-after"], let seconds = Double(text), (0...86_400).contains(seconds) else { return nil }
    return seconds
  }

  package var isSuccess: Bool { (200..<300).contains(status) }
}
