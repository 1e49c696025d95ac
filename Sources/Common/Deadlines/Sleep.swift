internal import Glibc

/// Blocks the calling thread. A signal may end it early.
package enum Sleep {
  /// Sleeps for up to 4,000 seconds (`usleep`); returns at once for 0, a negative number and NaN.
  package static func seconds(_ seconds: Double) {
    guard seconds > 0 else { return }
    usleep(UInt32(min(seconds, 4000) * 1_000_000))
  }
}
