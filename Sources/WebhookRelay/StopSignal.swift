internal import Glibc
internal import Synchronization

/// Sets a flag on SIGTERM and SIGINT. The relay's waits are short enough to check it.
enum StopSignal {
  private static let requested = Atomic<Bool>(false)

  static var isRequested: Bool { requested.load(ordering: .acquiring) }

  static func install() {
    // Swift makes it at its first use, which must not be in the signal's handler.
    requested.store(false, ordering: .releasing)
    for number in [SIGTERM, SIGINT] { _ = signal(number) { _ in StopSignal.requested.store(true, ordering: .releasing) } }
  }
}
