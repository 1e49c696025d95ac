import Deadlines
import Testing

@testable import Transfer

@Suite struct ExchangeTests {
  private func response(to lines: [String]) -> (Exchange, Bool) {
    let exchange = Exchange(
      HTTPRequest(.get, "http://example.com/", deadline: .after(seconds: 1)), bodyLimit: nil, progress: {})
    var goesOn = true
    for line in lines {
      goesOn = Array(line.utf8).withUnsafeBytes { exchange.receive(header: $0) }
      if !goesOn { break }
    }
    return (exchange, goesOn)
  }

  @Test func onlyTheLastHeadCounts() {
    let (exchange, _) = response(to: [
      "HTTP/1.1 100 Continue\r\n", "X-Interim: 1\r\n", "\r\n", "HTTP/1.1 206 Partial: Content\r\n", "ETag:\t\"a:b\" \r\n",
      "Empty:\r\n", "no colon\r\n", "\r\n",
    ])
    #expect(exchange.response.status == 206)
    #expect(exchange.response.headers == ["etag": "\"a:b\"", "empty": ""])
  }

  @Test func anEndlessHeadEndsTheExchange() {
    let (exchange, goesOn) = response(to: Array(repeating: "X-Long: \(String(repeating: "x", count: 1000))\r\n", count: 70))
    #expect(!goesOn)
    #expect(exchange.exceededLimit)
  }
}
