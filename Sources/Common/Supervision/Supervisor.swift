internal import FoundationEssentials
internal import Glibc

/// Reports the state of the process to systemd, by the datagrams of sd_notify(3). Does nothing under another supervisor.
package enum Supervisor {
  /// The process serves from now on.
  package static func ready() { send("READY=1") }

  /// The process was told to stop and finishes what it has in hand.
  package static func stopping() { send("STOPPING=1") }

  /// The process is well. Has to be called at least every ``watchdogSeconds``.
  package static func alive() { send("WATCHDOG=1") }

  /// Asks for at least `seconds` between two calls of ``alive()``, if the supervisor watches this process.
  package static func allow(seconds: Double) {
    if let watchdogSeconds, seconds > watchdogSeconds { send("WATCHDOG_USEC=\(Int(seconds * 1_000_000))") }
  }

  /// `WATCHDOG_USEC` in seconds; nil if the supervisor does not watch this process.
  package static let watchdogSeconds: Double? = {
    let environment = ProcessInfo.processInfo.environment
    if let pid = environment["WATCHDOG_PID"], pid != String(getpid()) { return nil }
    return environment["WATCHDOG_USEC"].flatMap { Double($0) }.map { $0 / 1_000_000 }
  }()

  /// A path, or a name in the abstract namespace, which is written with an at sign.
  private static let address: [UInt8]? = {
    guard let path = ProcessInfo.processInfo.environment["NOTIFY_SOCKET"], let first = path.first, "/@".contains(first) else {
      return nil
    }
    return path.hasPrefix("@") ? [0] + path.utf8.dropFirst() : Array(path.utf8)
  }()

  private static func send(_ text: String) {
    var name = sockaddr_un()
    guard let address, address.count < MemoryLayout.size(ofValue: name.sun_path) else { return }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    name.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: address) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + address.count)
    var bytes = Array(text.utf8)
    // A failure is ignored: the work does not depend on the supervisor.
    _ = unsafe withUnsafePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe sendto(descriptor, &bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
      }
    }
  }
}
