internal import CLibCurl
internal import Deadlines
internal import Settings

/// A libcurl easy handle (`CURL *`). It keeps its connections, so one that lives long reuses them.
@safe final class EasyHandle {
  let raw: UnsafeMutableRawPointer
  private var headers: UnsafeMutablePointer<curl_slist>?
  private var exchange: Exchange?
  private let errorBuffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  init() {
    precondition(GlobalCurl.isReady, "libcurl cannot be initialised")
    // NULL here means that memory is exhausted or the library is unusable: nothing to go on with.
    unsafe raw = curl_easy_init()!
  }

  deinit {
    unsafe curl_easy_cleanup(raw)
    unsafe curl_slist_free_all(headers)
    unsafe errorBuffer.deallocate()
  }

  /// What the exchange came to, once libcurl has done with it. Nothing of it is left in the handle but the connections: that lives long, and
  /// whoever asked for the exchange may hold a whole video.
  func finish(_ code: CurlCode) throws -> HTTPResponse {
    defer { clear() }
    // Never nil after `prepare`.
    return try exchange!.finish(code, words: unsafe String(cString: errorBuffer.baseAddress!))
  }

  private func clear() {
    unsafe curl_easy_reset(raw)
    unsafe curl_slist_free_all(headers)
    unsafe headers = nil
    exchange = nil
  }

  /// Sets the handle up for an exchange, which ``finish(_:)`` ends.
  func prepare(_ exchange: Exchange) {
    self.exchange = exchange
    let request = exchange.request

    set(CURLOPT_URL, request.url)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    // Redirects are followed by the caller, one by one, each checked; no proxy from the environment; no netrc.
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_PROXY, "")
    set(CURLOPT_NETRC, 0)
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_USERAGENT, request.userAgent)
    // The list of what is accepted is the request's own header field, where it has one.
    if request.decodesContent { set(CURLOPT_ACCEPT_ENCODING, "") }
    set(CURLOPT_CONNECTTIMEOUT_MS, Int(max(1, request.connectSeconds * 1000)))
    set(CURLOPT_TIMEOUT_MS, max(1, request.deadline.pollMilliseconds))
    // A name server that is silent would be waited for beyond both, to the end of what /etc/resolv.conf allows: its thread then ends by itself.
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
      // Apart, for a key id may contain a colon.
      set(CURLOPT_USERNAME, signature.accessKey.exposed)
      set(CURLOPT_PASSWORD, signature.secretKey.exposed)
    }
    setCallbacks(exchange)
  }

  private func setMethod(_ request: HTTPRequest) {
    switch request.method {
    case .get: set(CURLOPT_HTTPGET, 1)
    case .head: set(CURLOPT_NOBODY, 1)
    case .delete: set(CURLOPT_CUSTOMREQUEST, "DELETE")
    case .post, .put:
      // POSTFIELDS and not an upload: 7.88.1 signs the body only so, and does not wait for `100-continue`.
      let body = request.body ?? []
      unsafe _ = ccurl_set_offset(raw, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      unsafe body.withUnsafeBytes { bytes in
        // An empty array may lend a null pointer, which libcurl takes for "read the body from a callback".
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
      // A header with an empty value is written with a semicolon (CURLOPT_HTTPHEADER).
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
    // The handle keeps the exchange alive until `clear`, longer than libcurl calls back.
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
    unsafe _ = ccurl_set_pointer(raw, CURLOPT_OPENSOCKETDATA, context)
    unsafe _ = ccurl_set_socket(raw, CURLOPT_OPENSOCKETFUNCTION) { context, _, address in
      unsafe Unmanaged<Exchange>.fromOpaque(context!).takeUnretainedValue().openSocket(address!)
    }
  }

  private func set(_ option: CURLoption, _ value: Int) { unsafe _ = ccurl_set_long(raw, option, value) }
  private func set(_ option: CURLoption, _ value: String) { unsafe _ = ccurl_set_string(raw, option, value) }
}
