internal import CLibCurl
internal import Deadlines

/// A libcurl multi handle (`CURLM *`): several exchanges on one thread.
@safe final class MultiHandle {
  private let raw: UnsafeMutableRawPointer

  init() {
    precondition(GlobalCurl.isReady, "libcurl cannot be initialised")
    // NULL means that there is no memory or the library is unusable, and nothing can be done about either.
    unsafe raw = curl_multi_init()!
  }

  deinit {
    unsafe curl_multi_cleanup(raw)
  }

  /// Adds an exchange, which starts with the next ``advance()``.
  func add(_ handle: EasyHandle) { unsafe _ = curl_multi_add_handle(raw, handle.raw) }

  func remove(_ handle: EasyHandle) { unsafe _ = curl_multi_remove_handle(raw, handle.raw) }

  /// The exchanges that have ended since the last call, by their easy handles.
  func ended() -> [(raw: UnsafeMutableRawPointer, code: CurlCode)] {
    var found: [(raw: UnsafeMutableRawPointer, code: CurlCode)] = unsafe []
    var left: Int32 = 0
    while let message = unsafe curl_multi_info_read(raw, &left) {
      guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle else { continue }
      unsafe found.append((handle, CurlCode(ccurl_message_result(message))))
    }
    return unsafe found
  }

  /// Lets libcurl do what it can without waiting: start what was added, notice time-outs.
  func advance() {
    var running: Int32 = 0
    unsafe _ = curl_multi_perform(raw, &running)
  }

  /// Waits until a socket of libcurl's or `descriptor` is ready, a time-out passes, or `seconds` are over; then does what ``advance()``
  /// does.
  func wait(seconds: Double, orReadable descriptor: Int? = nil) {
    let longest = Int32(Deadline.after(seconds: seconds).pollMilliseconds)
    // poll(2) ignores a negative descriptor.
    var others = [descriptor].compactMap(\.self).map { curl_waitfd(fd: Int32($0), events: Int16(CURL_WAIT_POLLIN), revents: 0) }
    unsafe _ = curl_multi_poll(raw, &others, UInt32(others.count), longest, nil)
    advance()
  }
}
