import Deadlines
import Failures
import Glibc
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
    let headers = exchange.response.headers
    #expect(headers["etag"] == "\"a:b\"")
    #expect(headers["empty"] == "")
    #expect(headers["x-interim"] == nil)
    #expect(headers["no colon"] == nil)
  }

  @Test func trailersChangeNothing() {
    let head = ["HTTP/1.1 206 Partial Content\r\n", "Content-Range: bytes 0-9/10\r\n", "\r\n"]
    let (exchange, _) = response(to: head)
    #expect([1, 2, 3].withUnsafeBytes { exchange.receive(body: $0) })
    for trailer in ["Content-Range: bytes 0-1/2\r\n", "HTTP/1.1 302 Found: elsewhere\r\n", "\r\n"] {
      #expect(Array(trailer.utf8).withUnsafeBytes { exchange.receive(header: $0) })
    }
    #expect(exchange.response.status == 206)
    #expect(exchange.response.headers["content-range"] == "bytes 0-9/10")
  }

  @Test(
    "what counts of an answer that breaks off, by its lines so far",
    arguments: [
      ([], 0), (["HTTP/1.1 206\r\n", "Content-Ra"], 0), (["HTTP/1.1 302\r\n", "Location: http://example.com/v"], 0),
      (["HTTP/1.1 103\r\n", "\r\n"], 0), (["HTTP/1.1 206\r\n", "\r\n"], 206),
      (["HTTP/1.1 100\r\n", "\r\n", "HTTP/1.1 206\r\n"], 0),
    ])
  func halfAHeadDoesNotCount(lines: [String], status: Int) {
    #expect {
      try response(to: lines).0.finish(CurlCode(rawValue: 23), words: "")
    } throws: {
      ($0 as? TransferError)?.partial.status == status
    }
  }

  @Test func aFieldIsFoundByItsWholeName() {
    let (exchange, _) = response(to: [
      "HTTP/1.1 200\r\n", "eTaG2: longer\r\n", "Location: /a\r\n", "LOCATION: /b\r\n", "tag: short\r\n",
    ])
    #expect(exchange.response.status == 200)
    #expect(exchange.response.headers["etag"] == nil)
    #expect(exchange.response.headers["location"] == "/b")
    #expect(exchange.response.headers[""] == nil)
  }

  @Test func bytesThatAreNoUTF8AreEscaped() {
    var fields = HeaderFields()
    fields.append(Array("Location: /vid".utf8) + [0xe9] + Array("o.mp4\r\n".utf8))
    fields.append(Array("Other: vidéo\r\n".utf8))
    #expect(fields["location"] == "/vid%E9o.mp4")
    #expect(fields["other"] == "vidéo")
  }

  @Test func aStatusThatIsNoneIsZero() {
    for line in ["HTTP/1.1\r\n", "HTTP/1.1 \r\n", "HTTP/1.1 OK\r\n", "HTTP/1.1 99999999999999999999\r\n"] {
      #expect(response(to: [line]).0.response.status == 0)
    }
  }

  @Test(
    "certificates and protocols that will not do",
    arguments: [
      (CurlCode.untrusted, "SSL certificate problem: certificate has expired", "TLS: certificate has expired"),
      (
        .untrusted, "SSL: no alternative certificate subject name matches target host name '::1'",
        "TLS: no alternative certificate subject name matches target host name"
      ), (.noTLS, "OpenSSL/3.0.19: error:0A000102:SSL routines::unsupported protocol", "TLS: unsupported protocol"),
      (.noTLS, "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to example.com:443 ", "TLS: the connection was closed"),
      (.noTLS, "OpenSSL SSL_connect: Connection reset by peer in connection to [::1]:443 ", "TLS: Connection reset by peer"),
      (.noTLS, "TLS connect error: error:00000000:lib(0)::reason(0)", "TLS: the connection was closed"),
      (.noTLS, "", "SSL connect error"),
    ])
  func whyThereIsNoTLS(code: CurlCode, words: String, said: String) {
    #expect {
      try response(to: []).0.finish(code, words: words)
    } throws: {
      ($0 as? TransferError)?.kind == .unreachable && ($0 as? TransferError)?.description == said
    }
  }

  /// Files are stored with a wrong `Content-Encoding` by mistake. Nothing broke off then, and browsers do not play them either.
  @Test func anAnswerThatIsNotCompressedAsItSays() {
    #expect {
      try response(to: ["HTTP/1.1 200\r\n", "\r\n"]).0.finish(CurlCode(rawValue: 61), words: "")
    } throws: {
      "\($0)".contains("not compressed in the way it says (Content-Encoding)")
    }
  }

  @Test("a client keeps nothing of a job alive when its exchange is over: the video's bytes, above all")
  func anEndedExchangeHoldsNothing() {
    final class Job {}
    weak var held: Job?
    let client = HTTPClient()
    do {
      let job = Job()
      held = job
      // Nobody listens at that port.
      let request = HTTPRequest(.get, "http://127.0.0.1:1/", deadline: .after(seconds: 5))
      #expect(throws: TransferError.self) { try client.perform(request, bodyLimit: nil) { _ = job } }
    }
    #expect(held == nil)
  }

  /// A firewall that forgets a connection tells neither side. Each one that was kept would take a post, and half a minute, to notice.
  @Test func aConnectionWhoseOtherSideIsSilentIsGivenUp() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutableBytes(of: &address) { bytes in
      let pointer = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
      #expect(bind(listener, pointer, size) == 0 && listen(listener, 1) == 0 && getsockname(listener, pointer, &size) == 0)
    }
    var request = HTTPRequest(.post, "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))/", deadline: .after(seconds: 5))
    request.lostPeerSeconds = 4
    let exchanges = ParallelExchanges()
    exchanges.start([(request, 1)])
    let connected = (0..<1024 as Range<Int32>).first { descriptor in
      var peer = sockaddr_in()
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let hasPeer = withUnsafeMutableBytes(of: &peer) {
        getpeername(descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &size) == 0
      }
      return hasPeer && peer.sin_port == address.sin_port
    }
    var limits: [Int32] = []
    for option in [TCP_USER_TIMEOUT, TCP_KEEPIDLE, TCP_KEEPINTVL] {
      var value: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      #expect(getsockopt(try #require(connected), Int32(IPPROTO_TCP), option, &value, &size) == 0)
      limits.append(value)
    }
    #expect(limits == [4000, 4, 1])
  }

  /// libcurl only says that the time is over. It is not the origin that was slow.
  @Test func aNameThatIsNotLookedUpInTime() {
    let (exchange, _) = response(to: [])
    exchange.startLookup()
    #expect {
      try exchange.finish(.timedOut, words: "")
    } throws: {
      ($0 as? TransferError)?.kind == .unknownName
    }
  }

  /// Otherwise each origin would be blamed for what this host lacks, and its videos would lose their attempts.
  @Test func aHostWithoutCertificateAuthoritiesIsItselfAtFault() {
    let (exchange, _) = response(to: [])
    #expect {
      try exchange.finish(CurlCode(rawValue: 77), words: "")
    } throws: {
      ($0 as? TransferError).map { SourceError($0, deadline: .after(seconds: 9)).failureClass } == .configuration
    }
  }

  @Test func anEndlessHeadEndsTheExchange() {
    let (exchange, goesOn) = response(to: Array(repeating: "X-Long: \(String(repeating: "x", count: 1000))\r\n", count: 70))
    #expect(!goesOn)
    // No beginning of a file, as a body that is too long is.
    #expect(!exchange.exceededLimit)
    #expect {
      try exchange.finish(CurlCode(rawValue: 23), words: "")
    } throws: {
      ($0 as? TransferError)?.kind == .broken
    }
  }
}
