internal import CLibCurl

/// Several exchanges at once on one thread (libcurl's multi interface), with kept-alive connections shared by all.
@safe package final class ParallelExchanges<Tag> {
  private let multi: UnsafeMutableRawPointer
  private var running: [UnsafeMutableRawPointer: (handle: EasyHandle, exchange: Exchange, tag: Tag)] = unsafe [:]
  private var idle: [EasyHandle] = []

  package init() {
    precondition(GlobalCurl.isReady, "libcurl cannot be initialised")
    unsafe multi = curl_multi_init()!
  }

  deinit {
    for unsafe(raw, _) in unsafe running { unsafe curl_multi_remove_handle(multi, raw) }
    unsafe curl_multi_cleanup(multi)
  }

  /// How many have been started and not yet been returned as finished.
  package var count: Int { unsafe running.count }

  package func start(_ requests: [(request: HTTPRequest, tag: Tag)]) {
    if requests.isEmpty { return }
    for (request, tag) in requests {
      let handle = idle.popLast() ?? EasyHandle()
      let exchange = Exchange(request, bodyLimit: nil, progress: {})
      handle.prepare(exchange)
      unsafe running[handle.raw] = (handle, exchange, tag)
      unsafe curl_multi_add_handle(multi, handle.raw)
    }
    // Once for all: it looks at every running exchange.
    advance()
  }

  /// Waits until something happens on an exchange or on `descriptor`, at most `seconds`.
  ///
  /// - Returns: the exchanges that ended.
  package func wait(seconds: Double, orReadable descriptor: Int? = nil) -> [(tag: Tag, result: Result<HTTPResponse, any Error>)]
  {
    var finished = collect()
    if finished.isEmpty {
      var extra = curl_waitfd(fd: Int32(descriptor ?? -1), events: Int16(CURL_WAIT_POLLIN), revents: 0)
      unsafe curl_multi_poll(multi, &extra, descriptor == nil ? 0 : 1, Int32(max(0, seconds) * 1000), nil)
      advance()
      finished = collect()
    }
    return finished
  }

  private func advance() {
    var stillRunning: Int32 = 0
    unsafe curl_multi_perform(multi, &stillRunning)
  }

  private func collect() -> [(tag: Tag, result: Result<HTTPResponse, any Error>)] {
    var finished: [(tag: Tag, result: Result<HTTPResponse, any Error>)] = []
    var left: Int32 = 0
    while let message = unsafe curl_multi_info_read(multi, &left) {
      guard unsafe message.pointee.msg == CURLMSG_DONE, let raw = unsafe message.pointee.easy_handle else { continue }
      let code = unsafe CurlCode(ccurl_message_result(message))
      unsafe curl_multi_remove_handle(multi, raw)
      guard let entry = unsafe running.removeValue(forKey: raw) else { continue }
      finished.append((entry.tag, Result { try entry.exchange.finish(code) }))
      idle.append(entry.handle)
    }
    return finished
  }
}
