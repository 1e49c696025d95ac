internal import CLibCurl
internal import Deadlines

/// The state of one exchange while libcurl runs it; its callbacks end up here.
final class Exchange {
  let request: HTTPRequest
  private(set) var response = HTTPResponse()
  /// Set when a resolved address was refused: libcurl itself only says that it could not connect.
  private(set) var refusedAddress = false
  /// Set when another address of the name was let pass: what fails then is not the refused one's fault.
  private(set) var allowedAddress = false
  private(set) var exceededLimit = false
  private(set) var exceededHead = false
  /// Called with the head before the first byte of the body: how many bytes of it are taken.
  private let bodyLimit: (HTTPResponse) -> Int
  /// Called whenever bytes have arrived; an error ends the exchange.
  private let progress: () throws -> Void
  private(set) var progressError: (any Error)?
  private var limit: Int?
  /// Where libcurl would wait for the end of the connection, the length that tells the end of the body.
  private var length: Int?
  private var headerBytes = 0
  private var silentUntil: Deadline
  /// Whether the head that counts has come to its end: of half a head nobody knows what it would have said.
  private var hasHead = false

  /// The longest header section that is taken, all lines together.
  private static let maximumHeaderBytes = 64 * 1024

  private static let statusLine = Array("HTTP/".utf8)

  init(_ request: HTTPRequest, bodyLimit: ((HTTPResponse) -> Int)?, progress: @escaping () throws -> Void) {
    self.request = request
    self.bodyLimit = bodyLimit ?? { _ in request.maximumBodyBytes }
    self.progress = progress
    silentUntil = .after(seconds: request.silentSeconds ?? 0)
  }

  /// Counts what comes before anything is taken off it (CURLOPT_DEBUGFUNCTION): what frames chunks, and what decodes to nothing, shows nowhere else.
  func receive(raw count: Int) { response.received += count }

  /// Asked after each read and about once a second (CURLOPT_XFERINFOFUNCTION): whether to give up.
  func isOver() -> Bool {
    if let most = request.maximumReceivedBytes, response.received > most { exceededLimit = true }
    return exceededLimit || request.silentSeconds != nil && silentUntil.hasPassed
  }

  /// Takes one header line (CURLOPT_HEADERFUNCTION).
  ///
  /// - Returns: whether the exchange goes on.
  func receive(header line: UnsafeRawBufferPointer) -> Bool {
    headerBytes += line.count
    guard headerBytes <= Self.maximumHeaderBytes else {
      exceededHead = true
      return false
    }
    // Trailers (RFC 9110, 6.5) are no part of the head.
    guard limit == nil else { return true }
    if unsafe line.starts(with: Self.statusLine) {
      // A new head: what came before was an interim answer (100, 103).
      response.status = unsafe Self.status(line)
      response.headers = HeaderFields()
    } else if unsafe line.trimmed().isEmpty {
      hasHead = response.status >= 200 || response.status == 101
    } else {
      unsafe response.headers.append(line)
    }
    return true
  }

  /// The code in `HTTP/1.1 200 OK`; 0 where there is none.
  private static func status(_ line: UnsafeRawBufferPointer) -> Int {
    let digits = unsafe line.drop { $0 != 0x20 }.drop { $0 == 0x20 }.prefix { (0x30...0x39).contains($0) }
    guard unsafe (1...3).contains(digits.count) else { return 0 }
    return unsafe digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// - Returns: whether the exchange goes on.
  func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
    let limit = self.limit ?? begin()
    silentUntil = .after(seconds: request.silentSeconds ?? 0)
    guard response.body.count + bytes.count <= limit else {
      // What fits is kept: the beginning of a file may be enough.
      unsafe response.body.append(contentsOf: bytes.prefix(max(0, limit - response.body.count)))
      exceededLimit = true
      return false
    }
    unsafe response.body.append(contentsOf: bytes)
    do {
      try progress()
      return response.body.count != length
    } catch {
      progressError = error
      return false
    }
  }

  /// The first bytes of the body have come.
  ///
  /// - Returns: how many are taken.
  private func begin() -> Int {
    let limit = bodyLimit(response)
    self.limit = limit
    // A coding that is none: RFC 9112 (6.1) knows it no more, and libcurl heeds no length beside it.
    if response.headers["transfer-encoding"]?.lowercased() == "identity" {
      length = response.headers["content-length"].flatMap { Int($0) }
    }
    return limit
  }

  /// The socket for an address libcurl has resolved, or `CURL_SOCKET_BAD` where the address may not be connected to. The
  /// connection goes to the very address that is checked here, so there is no gap for a name that changes its mind.
  func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    let allowed =
      unsafe request.allowsPrivateAddresses
      || withUnsafePointer(to: &address.pointee.addr) { unsafe AddressRules.isPublic($0) }
    guard allowed else {
      refusedAddress = true
      return ccurl_socket_bad()
    }
    allowedAddress = true
    let type = unsafe address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    return unsafe socket(address.pointee.family, type, address.pointee.`protocol`)
  }

  /// What the exchange came to.
  ///
  /// - Parameter words: libcurl's own for this failure (CURLOPT_ERRORBUFFER); empty where it has none.
  func finish(_ code: CurlCode, words: String) throws -> HTTPResponse {
    if let progressError { throw progressError }
    if hasHead && (code == .ok || response.body.count == length) { return response }
    let partial = hasHead ? response : HTTPResponse()
    // libcurl itself takes no line of more than 100 KiB.
    if exceededHead || code == .outOfMemory || code == .tooLarge {
      throw TransferError(.broken, "the head of the answer is longer than \(Self.maximumHeaderBytes) bytes", partial: partial)
    }
    if exceededLimit { throw TransferError(.tooLarge, "the answer is longer than allowed", partial: partial) }
    if refusedAddress && !allowedAddress { throw TransferError(.forbiddenAddress, "the address is not a public one") }
    switch code {
    case .ok: throw TransferError(.broken, "the answer ended within its head")
    case .timedOut, .aborted: throw TransferError(.timedOut, "no answer in time", partial: partial)
    // The scheme has been looked at before: what is left is an answer that is no HTTP.
    case .unsupportedProtocol: throw TransferError(.broken, "the answer is no HTTP", partial: partial)
    case .unknownHost, .unconnected: throw TransferError(.unreachable, "\(code)")
    case .noTLS, .untrusted:
      // `SSL certificate problem: certificate has expired`; the name of the host follows in quotes.
      let reason = words.prefix { $0 != "'" }.split(separator: ":").last?.split(separator: " ").joined(separator: " ")
      throw TransferError(.unreachable, reason.map { "TLS: \($0)" } ?? "\(code)")
    case .malformedURL: throw TransferError(.unusableURL, "\(code)")
    default: throw TransferError(.broken, "\(code)", partial: partial)
    }
  }
}
