internal import CLibCurl
internal import Deadlines
internal import Glibc

/// A libcurl multi handle (`CURLM *`) driven by its sockets: what is not ready is not looked at. `curl_multi_perform` looks at every
/// exchange each time, with a system call each.
@safe final class MultiHandle {
  private let raw: UnsafeMutableRawPointer
  /// What libcurl waits for on each of its sockets, as poll(2) has it.
  private var interest: [Int32: Int16] = [:]
  /// When libcurl wants to be called though no socket is ready.
  private var timer: Deadline?
  /// The array for poll(2), made anew when `interest` has changed.
  private var polled: [pollfd] = []
  private var isPolledCurrent = false

  init() {
    precondition(GlobalCurl.isReady, "libcurl cannot be initialised")
    // NULL here means that memory is exhausted or the library is unusable: nothing to go on with.
    unsafe raw = curl_multi_init()!
    let this = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe ccurl_multi_set_socket(raw, Self.socketChanged, this)
    unsafe ccurl_multi_set_timer(raw, Self.timerChanged, this)
  }

  deinit {
    unsafe curl_multi_cleanup(raw)
  }

  /// Adds an exchange; it starts with the next `advance`.
  func add(_ handle: EasyHandle) { unsafe _ = curl_multi_add_handle(raw, handle.raw) }

  func remove(_ handle: EasyHandle) { unsafe _ = curl_multi_remove_handle(raw, handle.raw) }

  /// The exchanges that ended since the last call, by their easy handles.
  func ended() -> [(raw: UnsafeMutableRawPointer, code: CurlCode)] {
    var found: [(raw: UnsafeMutableRawPointer, code: CurlCode)] = unsafe []
    var left: Int32 = 0
    while let message = unsafe curl_multi_info_read(raw, &left) {
      guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle else { continue }
      unsafe found.append((handle, CurlCode(ccurl_message_result(message))))
    }
    return unsafe found
  }

  /// Lets libcurl do what is due: start what was added, notice what took too long.
  func advance() {
    timer = nil
    var running: Int32 = 0
    unsafe curl_multi_socket_action(raw, ccurl_socket_timeout(), 0, &running)
  }

  /// Waits until a socket of libcurl's or `descriptor` is ready, at most `seconds`, and lets libcurl work on those that are.
  func wait(seconds: Double, orReadable descriptor: Int? = nil) {
    if !isPolledCurrent {
      polled = interest.map { pollfd(fd: $0.key, events: $0.value, revents: 0) }
      isPolledCurrent = true
    }
    let own = polled.count
    if let descriptor { polled.append(pollfd(fd: Int32(descriptor), events: Int16(POLLIN), revents: 0)) }
    let longest = Deadline.after(seconds: max(0, seconds)).pollMilliseconds
    let ready = unsafe poll(&polled, nfds_t(polled.count), Int32(min(longest, timer?.pollMilliseconds ?? longest)))
    if descriptor != nil { polled.removeLast() }
    if ready > 0 {
      // A copy: what libcurl does with one may change what is watched.
      for entry in polled.prefix(own) where entry.revents != 0 {
        act(on: entry)
      }
    }
    if let timer, timer.hasPassed { advance() }
  }

  private func act(on entry: pollfd) {
    // Closed, or for somebody else, by what was done since.
    if interest[entry.fd] == nil { return }
    var mask: Int32 = 0
    if entry.revents & Int16(POLLIN | POLLHUP) != 0 { mask |= CURL_CSELECT_IN }
    if entry.revents & Int16(POLLOUT) != 0 { mask |= CURL_CSELECT_OUT }
    if entry.revents & Int16(POLLERR | POLLNVAL) != 0 { mask |= CURL_CSELECT_ERR }
    var running: Int32 = 0
    unsafe curl_multi_socket_action(raw, entry.fd, mask, &running)
  }

  private static let socketChanged: curl_socket_callback = { _, socket, what, context, _ in
    let this = unsafe Unmanaged<MultiHandle>.fromOpaque(context!).takeUnretainedValue()
    switch what {
    case CURL_POLL_IN: this.interest[socket] = Int16(POLLIN)
    case CURL_POLL_OUT: this.interest[socket] = Int16(POLLOUT)
    case CURL_POLL_INOUT: this.interest[socket] = Int16(POLLIN | POLLOUT)
    default: this.interest[socket] = nil
    }
    this.isPolledCurrent = false
    return 0
  }

  private static let timerChanged: curl_multi_timer_callback = { _, milliseconds, context in
    let this = unsafe Unmanaged<MultiHandle>.fromOpaque(context!).takeUnretainedValue()
    this.timer = milliseconds < 0 ? nil : .after(seconds: Double(milliseconds) / 1000)
    return 0
  }
}
