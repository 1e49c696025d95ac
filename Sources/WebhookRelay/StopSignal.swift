internal import Glibc
internal import Synchronization

/// SIGTERM and SIGINT set a flag; the relay's waits are short enough to look at it.
enum StopSignal {
  private static let requested = Atomic<Bool>(false)

  static var isRequested: Bool { requested.load(ordering: .acquiring) }

  static func install() {
    for number in [SIGTERM, SIGINT] { _ = signal(number) { _ in StopSignal.requested.store(true, ordering: .releasing) } }
  }
}
