internal import Deadlines
internal import Synchronization
internal import Threads

/// A call that may never return, as those to a file system on the network whose server is gone. It has a thread of its own, which is left
/// behind once the deadline has passed.
enum DetachedCall {
  private static let graceSeconds = 0.25
  /// The most calls that have not returned: each of them keeps a thread and a picture in memory.
  private static let most = 8
  /// How many calls have not returned.
  private static let unreturned = Mutex(0)

  /// - Throws: what `work` throws, or `StorageError` if the deadline has passed before, there can be no thread, or too many calls have not
  ///   returned.
  static func run<Value: Sendable>(until deadline: Deadline, _ work: @escaping @Sendable () throws -> Value) throws -> Value {
    guard unreturned.withLock({ $0 < most }) else { throw LocalStore.tooSlow }
    let outcome = Mutex<Result<Value, any Error>?>(nil)
    do {
      var thread = try Thread {
        let result = Result { try work() }
        unreturned.withLock { $0 -= 1 }
        outcome.withLock { $0 = result }
      }
      unreturned.withLock { $0 += 1 }
      // In a process that stood still, the deadline passes while the call only waits for its turn. What it has stored must be known.
      _ = thread.ends(within: deadline.secondsLeft) || thread.ends(within: graceSeconds)
    } catch {
      throw LocalStore.failure("begin a thread", error.code)
    }
    guard let result = outcome.withLock({ $0 }) else { throw LocalStore.tooSlow }
    return try result.get()
  }
}
