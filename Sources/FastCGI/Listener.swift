internal import CFastCGI
internal import Glibc

/// The listening socket on descriptor 0, which several processes share. It does not block: whoever asks whether somebody knocks may find
/// that another process has answered the door.
@safe struct Listener {
  private static let descriptor: Int32 = 0
  /// Waits for this descriptor alone. Exclusively: a knock wakes one idle process and not all of them.
  private let epoll: Int32

  init() {
    let flags = fcntl(Self.descriptor, F_GETFL)
    _ = fcntl(Self.descriptor, F_SETFL, flags | O_NONBLOCK)
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    var event = unsafe epoll_event(events: EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue, data: epoll_data())
    unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, Self.descriptor, &event)
  }

  /// Whether somebody waits to be served. Does not wait.
  static var isKnocked: Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, 0) > 0
  }

  /// For how long a knock is waited for at a time, in milliseconds.
  private static let waitMilliseconds: Int32 = 60_000

  /// Waits for the next request and takes it. While its head is read the watchdog runs, and goes on where there is a request: a web server that
  /// stands still, or whose host is gone, sends no more of it and closes nothing.
  ///
  /// - Parameters:
  ///   - isIdle: whether to wait for a knock, for a minute; otherwise only one that has come is answered.
  ///   - limitSeconds: how long one that has come may take.
  /// - Returns: 0; `-EAGAIN` where nobody knocks, or another process was faster; `-EINTR`; another negative number of libfcgi's.
  func accept(_ request: inout FCGX_Request, isIdle: Bool, limitSeconds: Double) -> Int32 {
    if isIdle {
      var event = unsafe epoll_event()
      let knocks = unsafe epoll_wait(epoll, &event, 1, Self.waitMilliseconds)
      if knocks <= 0 { return knocks < 0 ? -errno : -EAGAIN }
    }
    Watchdog.start(seconds: limitSeconds)
    let status = unsafe FCGX_Accept_r(&request)
    if status != 0 { Watchdog.stop() }
    return status
  }
}
