internal import CLibCurl
internal import Deadlines
internal import Settings
internal import Synchronization

/// A libcurl easy handle (`CURL *`). It keeps its connections, so that a handle that lives long reuses them.
@safe final class EasyHandle {
  let raw: UnsafeMutableRawPointer
  private var headers: UnsafeMutablePointer<curl_slist>?
  private var connectTo: UnsafeMutablePointer<curl_slist>?
  private var exchange: Exchange?
  private let errorBuffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  init() {
    precondition(GlobalCurl.isReady, "libcurl cannot be initialised")
    // NULL means that there is no memory or the library is unusable, and nothing can be done about either.
    unsafe raw = curl_easy_init()!
  }

  deinit {
    unsafe curl_easy_cleanup(raw)
    unsafe curl_slist_free_all(headers)
    unsafe curl_slist_free_all(connectTo)
    unsafe errorBuffer.deallocate()
  }

  /// The result of the exchange, after libcurl has finished. Only the connections stay in the handle: it lives long, and the response may
  /// be a whole video.
  func finish(_ code: CurlCode) throws -> HTTPResponse {
    defer { clear() }
    if let address = unsafe ccurl_peer(raw) { exchange?.peer = unsafe String(cString: address) }
    exchange?.wasConnected = unsafe ccurl_was_connected(raw)
    do {
      // Not nil after `prepare`.
      var response = try exchange!.finish(code, words: unsafe String(cString: errorBuffer.baseAddress!))
      response.isFromInternet = exchange!.peer.map(AddressRules.isPublic) ?? false
      NameServers.here.withLock { $0.know(hostOf: exchange!.request.url) }
      return response
    } catch let error as TransferError where [.unknownName, .noAuthorities].contains(error.kind) {
      let isName = error.kind == .unknownName
      guard Descriptors.areLeft else {
        throw TransferError(
          .shortage,
          isName
            ? "this host has no thread or descriptor left to look up a name"
            : "this host has no descriptor left to read the list of certificate authorities")
      }
      guard isName else { throw error }
      let deadline = exchange!.request.deadline
      if NameServers.here.withLock({ $0.answer(until: deadline) }) { throw error }
      throw TransferError(.noNameServer, "this host cannot look up names: no name server gives an answer (/etc/resolv.conf)")
    }
  }

  private func clear() {
    unsafe curl_easy_reset(raw)
    unsafe curl_slist_free_all(headers)
    unsafe headers = nil
    unsafe curl_slist_free_all(connectTo)
    unsafe connectTo = nil
    exchange = nil
  }

  /// Sets up the handle for an exchange, which ``finish(_:)`` ends.
  ///
  /// - Parameter address: the one to connect to, whatever the URL's host resolves to.
  func prepare(_ exchange: Exchange, to address: String? = nil) {
    self.exchange = exchange
    let request = exchange.request

    set(CURLOPT_URL, request.url)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    // The caller follows redirects one by one and checks each. Neither a proxy from the environment nor netrc is used.
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_PROXY, "")
    set(CURLOPT_NETRC, 0)
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    if let seconds = request.lostPeerSeconds {
      set(CURLOPT_TCP_KEEPIDLE, seconds)
      set(CURLOPT_TCP_KEEPINTVL, 1)
    }
    set(CURLOPT_USERAGENT, request.userAgent)
    // Otherwise the request's own header field says what is accepted.
    if request.decodesContent { set(CURLOPT_ACCEPT_ENCODING, "") }
    set(CURLOPT_CONNECTTIMEOUT_MS, Int(max(1, request.connectSeconds * 1000)))
    set(CURLOPT_TIMEOUT_MS, max(1, request.deadline.pollMilliseconds))
    // Without this, a silent name server would be waited for beyond both limits, as long as /etc/resolv.conf allows. Its thread ends later.
    set(CURLOPT_QUICK_EXIT, 1)
    if request.minimumBytesPerSecond > 0 {
      set(CURLOPT_LOW_SPEED_LIMIT, request.minimumBytesPerSecond)
      set(CURLOPT_LOW_SPEED_TIME, request.slowSeconds)
    }
    if let range = request.range {
      set(CURLOPT_RANGE, "\(range.lowerBound)-" + (request.isRangeOpen ? "" : "\(range.upperBound)"))
    }
    setMethod(request)
    setHeaders(request)
    if let signature = request.signature {
      set(CURLOPT_AWS_SIGV4, "aws:amz:\(signature.region):s3")
      // Set apart, since a key id may contain a colon.
      set(CURLOPT_USERNAME, signature.accessKey.exposed)
      set(CURLOPT_PASSWORD, signature.secretKey.exposed)
    }
    if let address {
      // Any host and port, since the exchange has only one; the port stays.
      unsafe connectTo = curl_slist_append(nil, address.contains(":") ? "::[\(address)]:" : "::\(address):")
      unsafe _ = ccurl_set_list(raw, CURLOPT_CONNECT_TO, connectTo)
    }
    setCallbacks(exchange)
  }

  private func setMethod(_ request: HTTPRequest) {
    switch request.method {
    case .get: set(CURLOPT_HTTPGET, 1)
    case .head: set(CURLOPT_NOBODY, 1)
    case .delete: set(CURLOPT_CUSTOMREQUEST, "DELETE")
    case .post, .put:
      // The body is sent as POSTFIELDS, not as an upload: only then does 7.88.1 sign it, and nothing waits for `100-continue`.
      let body = request.body ?? []
      unsafe _ = ccurl_set_offset(raw, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      unsafe body.withUnsafeBytes { bytes in
        // An empty array may have a null pointer, with which libcurl would read the body from a callback.
        if let base = bytes.baseAddress, unsafe !bytes.isEmpty {
          unsafe _ = ccurl_set_pointer(raw, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: base))
        } else {
          set(CURLOPT_COPYPOSTFIELDS, "")
        }
      }
      if request.method == .put { set(CURLOPT_CUSTOMREQUEST, "PUT") }
    }
  }

  private func setHeaders(_ request: HTTPRequest) {
    for (name, value) in request.headers {
      // libcurl writes a header with an empty value if it ends with a semicolon (CURLOPT_HTTPHEADER).
      unsafe headers = curl_slist_append(headers, value.isEmpty ? "\(name);" : "\(name): \(value)")
    }
    if request.body != nil, request.signature == nil {
      unsafe headers = curl_slist_append(headers, "Expect:")
    }
    unsafe _ = ccurl_set_list(raw, CURLOPT_HTTPHEADER, headers)
  }

  private func setCallbacks(_ exchange: Exchange) {
    unsafe errorBuffer.update(repeating: 0)
    unsafe _ = ccurl_set_pointer(raw, CURLOPT_ERRORBUFFER, errorBuffer.baseAddress)
    // The handle keeps the exchange alive until `clear`, when libcurl makes no more callbacks.
    let context = unsafe Unmanaged.passUnretained(exchange).toOpaque()
    unsafe _ = ccurl_set_pointer(raw, CURLOPT_HEADERDATA, context)
    unsafe _ = ccurl_set_write(raw, CURLOPT_HEADERFUNCTION) { data, size, count, context in
      let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context!).takeUnretainedValue()
      return unsafe exchange.receive(header: UnsafeRawBufferPointer(start: data, count: size * count)) ? size * count : 0
    }
    unsafe _ = ccurl_set_pointer(raw, CURLOPT_WRITEDATA, context)
    unsafe _ = ccurl_set_write(raw, CURLOPT_WRITEFUNCTION) { data, size, count, context in
      let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context!).takeUnretainedValue()
      return unsafe exchange.receive(body: UnsafeRawBufferPointer(start: data, count: size * count)) ? size * count : 0
    }
    if exchange.request.maximumReceivedBytes != nil {
      set(CURLOPT_VERBOSE, 1)
      unsafe _ = ccurl_set_pointer(raw, CURLOPT_DEBUGDATA, context)
      unsafe _ = ccurl_set_debug(raw, CURLOPT_DEBUGFUNCTION) { _, type, _, size, context in
        if type == CURLINFO_HEADER_IN || type == CURLINFO_DATA_IN {
          unsafe Unmanaged<Exchange>.fromOpaque(context!).takeUnretainedValue().receive(raw: size)
        }
        return 0
      }
    }
    if exchange.request.silentSeconds != nil || exchange.request.maximumReceivedBytes != nil {
      set(CURLOPT_NOPROGRESS, 0)
      unsafe _ = ccurl_set_pointer(raw, CURLOPT_XFERINFODATA, context)
      unsafe _ = ccurl_set_progress(raw, CURLOPT_XFERINFOFUNCTION) { context, _, _, _, _ in
        unsafe Unmanaged<Exchange>.fromOpaque(context!).takeUnretainedValue().isOver() ? 1 : 0
      }
    }
    unsafe _ = ccurl_set_pointer(raw, CURLOPT_RESOLVER_START_DATA, context)
    unsafe _ = ccurl_set_lookup(raw, CURLOPT_RESOLVER_START_FUNCTION) { _, _, context in
      unsafe Unmanaged<Exchange>.fromOpaque(context!).takeUnretainedValue().startLookup()
      return 0
    }
    unsafe _ = ccurl_set_pointer(raw, CURLOPT_OPENSOCKETDATA, context)
    unsafe _ = ccurl_set_socket(raw, CURLOPT_OPENSOCKETFUNCTION) { context, _, address in
      unsafe Unmanaged<Exchange>.fromOpaque(context!).takeUnretainedValue().openSocket(address!)
    }
  }

  private func set(_ option: CURLoption, _ value: Int) { unsafe _ = ccurl_set_long(raw, option, value) }
  private func set(_ option: CURLoption, _ value: String) { unsafe _ = ccurl_set_string(raw, option, value) }
}
