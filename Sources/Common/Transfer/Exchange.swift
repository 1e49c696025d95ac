internal import CLibCurl
internal import Deadlines
internal import Failures
internal import Glibc

/// The state of one exchange while libcurl runs it and calls back.
final class Exchange {
  let request: HTTPRequest
  private(set) var response = HTTPResponse()
  /// A resolved address was refused. libcurl itself only says that it could not connect.
  private(set) var refusedAddress = false
  /// Another address of the name was allowed, so a failure is not due to the refused one.
  private(set) var allowedAddress = false
  /// A name is being looked up, and has no address yet. libcurl itself only says that the time was over.
  private(set) var looksUpName = false
  /// The errno of the last address for which this host could open no socket; 0 if there was none. libcurl itself only says that it could not
  /// connect.
  private var socketError: Int32 = 0
  /// The addresses for which a socket was opened.
  private(set) var tried: [String] = []
  /// The address of the other side, if there was a connection.
  var peer: String?
  /// Whether there was a connection, with TLS if it is asked for, on which the request could be sent.
  var wasConnected = false
  private(set) var exceededLimit = false
  private(set) var exceededHead = false
  /// Called with the head before the first byte of the body. Returns how many bytes of the body to accept.
  private let bodyLimit: (HTTPResponse) -> Int
  /// Called whenever bytes have arrived. If it throws, the exchange ends.
  private let progress: () throws -> Void
  private(set) var progressError: (any Error)?
  private var limit: Int?
  /// The length of the body, if libcurl would wait for the end of the connection instead.
  private var length: Int?
  private var headerBytes = 0
  private var silentUntil: Deadline
  /// How long to wait for the end of an answer of which all that is wanted has come; nil before.
  private var endUntil: Deadline?
  /// Whether the final head is complete. An incomplete head is not used.
  private(set) var hasHead = false

  /// The longest header section accepted, all lines together.
  private static let maximumHeaderBytes = 64 * 1024

  /// The end usually comes with the last byte. If it is waited for in vain, the connection cannot be kept.
  private static let secondsForEnd = 0.5

  private static let statusLine = Array("HTTP/".utf8)

  init(_ request: HTTPRequest, bodyLimit: ((HTTPResponse) -> Int)?, progress: @escaping () throws -> Void) {
    self.request = request
    self.bodyLimit = bodyLimit ?? { _ in request.maximumBodyBytes }
    self.progress = progress
    silentUntil = .after(seconds: request.silentSeconds ?? 0)
  }

  /// Counts raw bytes, before anything is decoded (CURLOPT_DEBUGFUNCTION). Chunk framing, and bodies that decode to nothing, are counted
  /// only here.
  func receive(raw count: Int) { response.received += count }

  /// Called after each read and about once a second (CURLOPT_XFERINFOFUNCTION): whether to give up.
  func isOver() -> Bool {
    if let most = request.maximumReceivedBytes, response.received > most { exceededLimit = true }
    // A length that is too long, or none on a connection that stays open.
    if let endUntil, endUntil.hasPassed { exceededLimit = true }
    return exceededLimit || request.silentSeconds != nil && silentUntil.hasPassed
  }

  /// Receives one header line (CURLOPT_HEADERFUNCTION).
  ///
  /// - Returns: whether to go on.
  func receive(header line: UnsafeRawBufferPointer) -> Bool {
    headerBytes += line.count
    guard headerBytes <= Self.maximumHeaderBytes else {
      exceededHead = true
      return false
    }
    // Trailers (RFC 9110, 6.5) are not part of the head.
    guard limit == nil else { return true }
    if unsafe line.starts(with: Self.statusLine) {
      // A new head begins; the previous one was an interim answer (100, 103).
      response.status = unsafe Self.status(line)
      response.headers = HeaderFields()
    } else if unsafe line.trimmed().isEmpty {
      hasHead = response.status >= 200 || response.status == 101
    } else {
      unsafe response.headers.append(line)
    }
    return true
  }

  /// The status in `HTTP/1.1 200 OK`; 0 if there is none.
  private static func status(_ line: UnsafeRawBufferPointer) -> Int {
    let digits = unsafe line.drop { $0 != 0x20 }.drop { $0 == 0x20 }.prefix { (0x30...0x39).contains($0) }
    guard unsafe (1...3).contains(digits.count) else { return 0 }
    return unsafe digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// - Returns: whether to go on.
  func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
    let limit = self.limit ?? begin()
    silentUntil = .after(seconds: request.silentSeconds ?? 0)
    guard response.body.count + bytes.count <= limit else {
      // What fits is kept, since the beginning of a file may be enough.
      unsafe response.body.append(contentsOf: bytes.prefix(max(0, limit - response.body.count)))
      exceededLimit = true
      return false
    }
    unsafe response.body.append(contentsOf: bytes)
    if response.body.count == limit { endUntil = .after(seconds: Self.secondsForEnd) }
    do {
      try progress()
      return response.body.count != length
    } catch {
      progressError = error
      return false
    }
  }

  /// Called at the first bytes of the body.
  ///
  /// - Returns: how many bytes to accept.
  private func begin() -> Int {
    let limit = bodyLimit(response)
    self.limit = limit
    // `identity` was dropped from HTTP (RFC 9112, 6.1), and libcurl ignores the length beside it.
    if response.headers["transfer-encoding"]?.lowercased() == "identity" {
      length = response.headers["content-length"].flatMap { Int($0) }
    }
    return limit
  }

  /// Called before a name is looked up (CURLOPT_RESOLVER_START_FUNCTION).
  func startLookup() { looksUpName = true }

  /// The socket for an address that libcurl has resolved, or `CURL_SOCKET_BAD` if the address is not allowed. The connection goes to the
  /// very address that is checked here, so a name cannot resolve to another one in between.
  func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    let allowed =
      unsafe request.allowsPrivateAddresses
      || withUnsafePointer(to: &address.pointee.addr) { unsafe AddressRules.isPublic($0) }
    looksUpName = false
    guard allowed else {
      refusedAddress = true
      return ccurl_socket_bad()
    }
    allowedAddress = true
    let type = unsafe address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    let made = unsafe socket(address.pointee.family, type, address.pointee.`protocol`)
    guard made >= 0 else {
      // Without IPv6, a host still reaches the other addresses.
      if errno != EAFNOSUPPORT { socketError = errno }
      return made
    }
    if let text = unsafe Self.text(address) { tried.append(text) }
    if let seconds = request.lostPeerSeconds {
      // It ends the probes, too, whatever their number.
      var milliseconds = UInt32(seconds * 1000)
      unsafe _ = setsockopt(made, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, UInt32(MemoryLayout<UInt32>.size))
    }
    return made
  }

  private static func text(_ address: UnsafeMutablePointer<curl_sockaddr>) -> String? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { text in
      let code = unsafe withUnsafePointer(to: &address.pointee.addr) {
        unsafe getnameinfo($0, address.pointee.addrlen, text.baseAddress, UInt32(text.count), nil, 0, NI_NUMERICHOST)
      }
      return unsafe code == 0 ? String(cString: text.baseAddress!) : nil
    }
  }

  /// The result of the exchange.
  ///
  /// - Parameter words: libcurl's message about this failure (CURLOPT_ERRORBUFFER); empty if there is none.
  func finish(_ code: CurlCode, words: String) throws -> HTTPResponse {
    if let progressError { throw progressError }
    if hasHead && (code == .ok || response.body.count == length) { return response }
    let partial = hasHead ? response : HTTPResponse()
    // libcurl itself refuses lines of more than 100 KiB.
    if exceededHead || code == .outOfMemory || code == .tooLarge {
      throw TransferError(.broken, "the head of the answer is longer than \(Self.maximumHeaderBytes) bytes", partial: partial)
    }
    if exceededLimit { throw TransferError(.tooLarge, "the answer is longer than allowed", partial: partial) }
    if refusedAddress && !allowedAddress { throw TransferError(.forbiddenAddress, "the address is not a public one") }
    if socketError != 0 && code == .unconnected {
      throw TransferError(.shortage, "this host can open no socket: \(String(errno: socketError))")
    }
    if looksUpName && code == .timedOut { throw TransferError(.unknownName, "\(CurlCode.unknownHost)") }
    throw TransferError(code, words: words, wasConnected: wasConnected, partial: partial)
  }
}
