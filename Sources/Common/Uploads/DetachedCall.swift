internal import Deadlines
internal import Glibc
internal import Synchronization

/// A call that may never return, as those to a file system on the network whose server is gone. It has a thread of its own, which is left
/// behind once the deadline has passed.
final class DetachedCall<Value: Sendable>: Sendable {
  private let outcome = Mutex<Result<Value, any Error>?>(nil)
  /// A pipe that gets a byte at the call's end.
  private let reader: Int32
  private let writer: Int32

  private static var graceMilliseconds: Int32 { 250 }
  /// The most calls that have not returned: each of them keeps a thread and a picture in memory.
  private static var most: Int { 8 }

  /// - Throws: what `work` throws, or `StorageError` if the deadline has passed before, there can be no thread, or too many calls have not
  ///   returned.
  static func run(until deadline: Deadline, _ work: @escaping @Sendable () throws -> Value) throws -> Value {
    let call = try DetachedCall()
    guard unreturned.withLock({ $0 < most }) else { throw LocalStore.tooSlow }
    let body = Body {
      let result = Result { try work() }
      unreturned.withLock { $0 -= 1 }
      call.outcome.withLock { $0 = result }
      unsafe _ = write(call.writer, "", 1)
    }
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(body)
    let code = unsafe pthread_create(
      &thread, nil,
      { context in
        unsafe Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      unsafe context.release()
      throw LocalStore.failure("begin a thread", code)
    }
    unreturned.withLock { $0 += 1 }
    pthread_detach(thread)
    guard let result = call.wait(until: deadline) else { throw LocalStore.tooSlow }
    return try result.get()
  }

  private init() throws {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw LocalStore.failure("make a pipe", errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reader, writer) = (ends[0], ends[1])
  }

  deinit {
    close(reader)
    close(writer)
  }

  private func wait(until deadline: Deadline) -> Result<Value, any Error>? {
    var entry = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
    while unsafe poll(&entry, 1, Int32(deadline.pollMilliseconds)) <= 0 && !deadline.hasPassed {}
    // In a process that stood still, the deadline passes while the call only waits for its turn. What it has stored must be known.
    unsafe _ = poll(&entry, 1, Self.graceMilliseconds)
    return outcome.withLock { $0 }
  }
}

/// How many calls have not returned.
private let unreturned = Mutex(0)

/// What a thread does: a C function can take no generic value along.
private final class Body: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) {
    self.run = run
  }
}
