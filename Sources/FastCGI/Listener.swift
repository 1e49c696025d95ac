internal import CFastCGI
internal import Glibc

/// The listening socket on descriptor 0, which several processes share. It is non-blocking, since another process may accept a waiting
/// connection first.
@safe struct Listener {
  private static let descriptor: Int32 = 0
  /// Waits for this descriptor alone, exclusively: a connection wakes one idle process and not all of them.
  private let epoll: Int32

  /// Ends the process if this host has no descriptor for it.
  init() {
    let flags = fcntl(Self.descriptor, F_GETFL)
    _ = fcntl(Self.descriptor, F_SETFL, flags | O_NONBLOCK)
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    Shortage.refuse("no connection can be waited for", epoll < 0 ? errno : 0)
    var event = unsafe epoll_event(events: EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue, data: epoll_data())
    let added = unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, Self.descriptor, &event)
    Shortage.refuse("no connection can be waited for", added < 0 ? errno : 0)
  }

  /// Whether a connection waits to be accepted. Returns at once.
  static var hasWaiting: Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, 0) > 0
  }

  /// Waits for the next request and accepts it. The watchdog runs while the head of the request is read, since a web server that hangs, or
  /// whose host is gone, neither sends the rest nor closes the connection. If there is a request, the watchdog is left running.
  ///
  /// - Parameters:
  ///   - patience: how long to wait for a connection, in milliseconds; 0 accepts only one that waits already.
  ///   - limitSeconds: how long the request may take to be read and answered.
  /// - Returns: 0; `-ETIMEDOUT` if no connection came; `-EAGAIN` if none waits or another process was faster; `-EINTR`; or another negative
  ///   number from libfcgi.
  func accept(_ request: inout FCGX_Request, patience: Int32, limitSeconds: Double) -> Int32 {
    if patience > 0 {
      var event = unsafe epoll_event()
      let ready = unsafe epoll_wait(epoll, &event, 1, patience)
      if ready <= 0 { return ready < 0 ? -errno : -ETIMEDOUT }
    }
    Watchdog.start(seconds: limitSeconds)
    let status = unsafe FCGX_Accept_r(&request)
    if status != 0 { Watchdog.stop() }
    return status
  }
}
