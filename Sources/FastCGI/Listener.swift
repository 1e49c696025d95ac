internal import CFastCGI
internal import Glibc

/// The listening socket on descriptor 0, which several processes share. It does not block: of a connection that waits, another process may have
/// taken it in between.
@safe struct Listener {
  private static let descriptor: Int32 = 0
  /// Waits for this descriptor alone. Exclusively: a connection wakes one idle process and not all of them.
  private let epoll: Int32

  init() {
    let flags = fcntl(Self.descriptor, F_GETFL)
    _ = fcntl(Self.descriptor, F_SETFL, flags | O_NONBLOCK)
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    var event = unsafe epoll_event(events: EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue, data: epoll_data())
    unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, Self.descriptor, &event)
  }

  /// Whether a connection waits to be accepted. Does not wait.
  static var hasWaiting: Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, 0) > 0
  }

  /// Waits for the next request and takes it. While its head is read the watchdog runs, and goes on where there is a request: a web server that
  /// stands still, or whose host is gone, sends no more of it and closes nothing.
  ///
  /// - Parameters:
  ///   - patience: for how long to wait for a connection, in milliseconds; with 0 only one that waits already is taken.
  ///   - limitSeconds: how long its request may take to be read and answered.
  /// - Returns: 0; `-ETIMEDOUT` where none has come; `-EAGAIN` where none waits, or another process was faster; `-EINTR`; another negative number
  ///   of libfcgi's.
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
