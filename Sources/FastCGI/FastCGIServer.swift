internal import CFastCGI
internal import CProgramMemory
internal import Glibc
package import Logging
internal import Supervision

/// Serves FastCGI requests from the listening socket on descriptor 0, one at a time, until told to stop. Between requests the handler may
/// do more work, as long as no other request waits.
package struct FastCGIServer {
  private let runner: RequestRunner

  /// How long one wait for a connection lasts, in milliseconds. `beat` is called after each.
  private static let waitMilliseconds: Int32 = 60_000
  /// How long a process is without a request before it releases memory, in milliseconds.
  private static let trimAfterMilliseconds: Int32 = 5_000

  /// Accepts no request yet. ``GracefulStop/install()`` must have been called.
  package init(_ door: FrontDoor, limits: RequestLimits, logger: Logger) {
    runner = RequestRunner(door: door, limits: limits, logger: logger)
  }

  /// Returns after SIGTERM or SIGINT, once the request or the piece of work in hand is done.
  package func run() {
    FCGX_Init()
    let listener = Listener()
    var request = unsafe FCGX_Request()
    unsafe FCGX_InitRequest(&request, 0, FCGI_FAIL_ACCEPT_ON_INTR)
    var isIdle = true
    var isTrimmed = false
    while !GracefulStop.isRequested {
      let status = GracefulStop.whileAccepting {
        let patience = isIdle ? (isTrimmed ? Self.waitMilliseconds : Self.trimAfterMilliseconds) : 0
        return unsafe listener.accept(&request, patience: patience, limitSeconds: runner.watchdogSeconds)
      }
      if status == 0 {
        isIdle = unsafe !serve(&request, wasIdle: isIdle) && isIdle
        isTrimmed = false
      } else if status == -ETIMEDOUT && !isTrimmed {
        // Releases memory that an idle process does not need: the freed heap of the last request, and the code that only the start runs.
        // The next request takes a millisecond longer.
        memory_release_heap()
        memory_release_text()
        isTrimmed = true
      } else if ![-ETIMEDOUT, -EAGAIN, -EINTR, -1].contains(status) && !GracefulStop.isRequested {
        // The accept was neither interrupted nor ended by a client that left before its request was complete.
        runner.logger.warning("accept failed", cause: "status \(status)")
        usleep(10_000)
      }
      runner.door.handler.beat()
      if !isIdle { isIdle = !runner.continueWork { !Listener.hasWaiting } }
    }
    runner.logger.info("stopped")
  }

  /// - Returns: whether the handler is to go on afterwards.
  private func serve(_ request: inout FCGX_Request, wasIdle: Bool) -> Bool {
    Watchdog.start(seconds: runner.watchdogSeconds)
    defer { Watchdog.stop() }
    var asked = Request(variables: unsafe Self.variables(request.envp), body: [])
    var refusal: RequestRunner.Refusal?
    // A body that comes slowly holds the process: only who has shown a secret may do that.
    if runner.door.admits(asked) {
      (asked.body, refusal) = unsafe Self.body(request, asked.variables, limit: runner.limits.maximumBodyBytes)
    }
    if unsafe Self.isCallerGone(request.ipcFd) { refusal = .callerGone }
    asked.isAlone = wasIdle && !Listener.hasWaiting
    return runner.serve(asked, refusal: refusal, byIdleWorker: wasIdle) { answer in
      unsafe answer.withUnsafeBufferPointer { buffer in
        unsafe buffer.withMemoryRebound(to: CChar.self) { unsafe _ = FCGX_PutStr($0.baseAddress, Int32($0.count), request.out) }
      }
      // Connections are not kept: the process would then wait for this one alone and not serve the others.
      unsafe request.keepConnection = 0
      unsafe FCGX_Finish_r(&request)
    }
  }

  /// Whether the web server has closed the connection, which it does when its client leaves or its time-out passes. Unlike a time stamp of
  /// the web server's, this does not depend on the clocks of two hosts.
  private static func isCallerGone(_ descriptor: Int32) -> Bool {
    var byte: UInt8 = 0
    return unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 0
  }

  private static func variables(_ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [String: String] {
    var variables: [String: String] = [:]
    variables.reserveCapacity(32)
    guard var entry = unsafe list else { return variables }
    while let text = unsafe entry.pointee {
      if let equals = unsafe strchr(text, 0x3d) {
        let name = unsafe String(decoding: UnsafeRawBufferPointer(start: text, count: equals - text), as: UTF8.self)
        let value = unsafe String(cString: equals + 1)
        // A header field on several lines is one list (RFC 9110, 5.3).
        variables[name] = name.hasPrefix("HTTP_") ? variables[name].map { "\($0), \(value)" } ?? value : value
      }
      unsafe entry += 1
    }
    return variables
  }

  private static func body(_ request: FCGX_Request, _ variables: [String: String], limit: Int) -> (
    [UInt8], RequestRunner.Refusal?
  ) {
    let announced = Request.bodyLength(variables)
    if let announced, announced > limit { return ([], .bodyTooLarge) }
    // Some web servers do not tell the length of a chunked body: it ends where the stream does.
    var body = [UInt8](repeating: 0, count: announced ?? (variables["REQUEST_METHOD"] == "POST" ? limit + 1 : 0))
    let received = unsafe body.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { unsafe FCGX_GetStr($0.baseAddress, Int32($0.count), request.in) }
    }
    body.removeLast(body.count - Int(max(received, 0)))
    if body.count > limit { return ([], .bodyTooLarge) }
    return (body, body.count < announced ?? 0 ? .bodyIncomplete : nil)
  }
}
