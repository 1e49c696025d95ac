internal import Glibc

/// Blocks the calling thread; a signal may end it early, which every caller's loop allows for.
package enum Sleep {
  /// Up to 4,000 seconds at a time (`usleep`); returns at once for 0, a negative number and NaN.
  package static func seconds(_ seconds: Double) {
    guard seconds > 0 else { return }
    usleep(UInt32(min(seconds, 4000) * 1_000_000))
  }
}
