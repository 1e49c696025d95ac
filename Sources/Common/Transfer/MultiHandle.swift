internal import CLibCurl
internal import Deadlines

/// A libcurl multi handle (`CURLM *`): several exchanges on one thread.
@safe final class MultiHandle {
  private let raw: UnsafeMutableRawPointer

  init() {
    precondition(GlobalCurl.isReady, "libcurl cannot be initialised")
    // NULL here means that memory is exhausted or the library is unusable: nothing to go on with.
    unsafe raw = curl_multi_init()!
  }

  deinit {
    unsafe curl_multi_cleanup(raw)
  }

  /// Adds an exchange; it starts with the next ``advance()``.
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

  /// Lets libcurl do what it can without waiting: start what was added, notice what took too long.
  func advance() {
    var running: Int32 = 0
    unsafe _ = curl_multi_perform(raw, &running)
  }

  /// Waits until a socket of libcurl's or `descriptor` is ready, or something took too long, at most `seconds`; then as ``advance()``.
  func wait(seconds: Double, orReadable descriptor: Int? = nil) {
    let longest = Int32(Deadline.after(seconds: max(0, seconds)).pollMilliseconds)
    // A negative one is not looked at (poll(2)).
    var others = [descriptor].compactMap(\.self).map { curl_waitfd(fd: Int32($0), events: Int16(CURL_WAIT_POLLIN), revents: 0) }
    unsafe _ = curl_multi_poll(raw, &others, UInt32(others.count), longest, nil)
    advance()
  }
}
