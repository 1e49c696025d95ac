internal import Deadlines
internal import FoundationEssentials
internal import Glibc
internal import Logging

/// Serves the one request for which a CGI server started this process (RFC 3875): variables, standard input and output.
struct CGIRequest {
  private let runner: RequestRunner

  init(_ door: FrontDoor, limits: RequestLimits, logger: Logger) {
    runner = RequestRunner(door: door, limits: limits, logger: logger)
  }

  /// Answers, closes the output, does what follows the answer, and returns when that is done.
  func run() {
    Watchdog.start(seconds: runner.watchdogSeconds)
    let variables = ProcessInfo.processInfo.environment
    let limit = runner.limits.maximumBodyBytes
    // Some web servers do not tell the length of a chunked body: it ends where the input does. Without a body, the input need not end.
    let announced = Request.bodyLength(variables) ?? 0
    let isOpen = variables["HTTP_TRANSFER_ENCODING"] != nil && Request.bodyLength(variables) == nil
    let body = announced > limit ? [] : Self.read(isOpen ? limit + 1 : announced)
    let isTooLarge = max(announced, body.count) > limit
    // A body that is too long is still read, up to 16 times the limit: a server that cannot hand over the body does not forward the answer.
    if isTooLarge { Self.discard(isOpen ? 16 * limit : min(announced, 16 * limit)) }
    let refusal: RequestRunner.Refusal? =
      if isTooLarge { .bodyTooLarge } else if body.count < announced { .bodyIncomplete } else { nil }
    // This process was started for the request, so it was no idle worker waiting to be woken.
    let request = Request(variables: variables, body: body)
    let goesOn = runner.serve(request, refusal: refusal, byIdleWorker: false) { answer in
      Self.write(answer)
      Self.endOutput()
    }
    guard goesOn else { return }
    // No other request can reach this process, and whoever started it may wait for its end. So it goes on for as long as a request may take,
    // and then stops after the piece in hand.
    let end = Deadline.after(seconds: runner.limits.deadlineSeconds)
    _ = runner.continueWork { !end.hasPassed }
  }

  private static func read(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(count, 0))
    var filled = 0
    while filled < bytes.count {
      let room = bytes.count - filled
      let received = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(0, $0.baseAddress! + filled, room) }
      if received < 0 && errno == EINTR { continue }
      if received <= 0 { break }
      filled += received
    }
    return Array(bytes.prefix(filled))
  }

  /// Ends the output, which the server takes for the end of the answer, so the work after it keeps nobody waiting. It ends the input, too,
  /// which is the same socket under some servers (Apache's mod_cgid). The descriptors stay in use: otherwise the next socket or file would
  /// get their numbers, and receive whatever a library prints.
  private static func endOutput() {
    let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    for descriptor: Int32 in 0...1 where null < 0 || dup2(null, descriptor) < 0 { close(descriptor) }
    if null > 1 { close(null) }
  }

  private static func discard(_ count: Int) {
    var left = count
    while left > 0 {
      let received = read(min(left, 64 * 1024)).count
      if received == 0 { return }
      left -= received
    }
  }

  private static func write(_ bytes: [UInt8]) {
    var offset = 0
    while offset < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(1, $0.baseAddress! + offset, bytes.count - offset) }
      if written < 0 && errno == EINTR { continue }
      if written <= 0 { return }
      offset += written
    }
  }
}
