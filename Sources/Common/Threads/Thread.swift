internal import CGlibc
internal import Glibc

/// A thread of its own for work that blocks (pthread_create(3)). If nobody has waited for its end, it is left to itself.
package struct Thread: ~Copyable {
  private let handle: pthread_t
  private var isJoined = false

  /// This host has no thread left.
  package struct Unavailable: Error {
    /// An errno.
    package let code: Int32
  }

  /// Starts the work.
  package init(_ work: @escaping @Sendable () -> Void) throws(Unavailable) {
    let context = unsafe Unmanaged.passRetained(Work(work))
    var handle = pthread_t()
    let code = unsafe pthread_create(
      &handle, nil,
      { context in
        unsafe Unmanaged<Work>.fromOpaque(context!).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      unsafe context.release()
      throw Unavailable(code: code)
    }
    self.handle = handle
  }

  deinit {
    if !isJoined { pthread_detach(handle) }
  }

  /// Waits for its end (`pthread_clockjoin_np`).
  ///
  /// - Returns: false if it has not come within that time.
  package mutating func ends(within seconds: Double) -> Bool {
    if isJoined { return true }
    var end = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &end)
    let nanoseconds = end.tv_nsec + Int(min(max(seconds, 0), 1e9) * 1e9)
    end = timespec(tv_sec: end.tv_sec + nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
    isJoined = unsafe pthread_clockjoin_np(handle, nil, CLOCK_MONOTONIC, &end) == 0
    return isJoined
  }
}

/// What a thread does: a C function can take no closure along.
private final class Work: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) {
    self.run = run
  }
}
