import Testing

@testable import Transfer

@Suite struct HTTPResponseTests {
  @Test(
    "seconds of Retry-After",
    arguments: [
      ("12", nil, 12.0), ("0", nil, 0), ("-1", nil, nil), ("86401", nil, nil), ("inf", nil, nil), ("nan", nil, nil),
      ("1e400", nil, nil), ("soon", nil, nil), ("", nil, nil),
      ("Mon, 02 Feb 2026 10:00:30 GMT", "Mon, 02 Feb 2026 10:00:00 GMT", 30),
      ("Mon, 02 Feb 2026 09:00:00 GMT", "Mon, 02 Feb 2026 10:00:00 GMT", nil),
      ("Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 02 Feb 2026 10:00:00 GMT", nil), ("Thu, 01 Jan 1970 00:00:00 GMT", nil, nil),
    ] as [(String, String?, Double?)])
  func retryAfter(value: String, date: String?, seconds: Double?) {
    var response = HTTPResponse()
    response.headers.append(Array("Retry-After: \(value)".utf8))
    if let date { response.headers.append(Array("Date: \(date)".utf8)) }
    #expect(response.retryAfterSeconds == seconds)
  }
}
