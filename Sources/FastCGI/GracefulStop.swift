internal import CFastCGI
internal import Glibc
internal import Supervision
internal import Synchronization
internal import Threads

/// Lets SIGTERM and SIGINT end the accept loop after the request in hand.
///
/// In a process with a second thread, the signal may be delivered to that thread, and `accept` would never return. So both signals are
/// blocked before any thread exists, and stay pending once they have arrived. One thread waits for them. After a signal it interrupts the
/// main thread with another signal for as long as that one accepts. Until then it tells the supervisor that the process is well.
package enum GracefulStop {
  private static let isAccepting = Atomic<Bool>(false)
  private static let poke = SIGUSR1

  /// Whether the process was told to stop. This asks the kernel: a flag set by the other thread could come too late in a process that was
  /// stopped with SIGSTOP, told to end, and continued, which would then take one more job.
  package static var isRequested: Bool {
    var pending = sigset_t()
    return unsafe sigpending(&pending) == 0 && (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1)
  }

  /// Must be called once, on the main thread, before anything starts a thread. Ends the process if this host has no thread for it.
  package static func install() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGTERM)
    unsafe sigaddset(&signals, SIGINT)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)

    // Without SA_RESTART, so that the signal interrupts accept.
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in }
    unsafe sigaction(poke, &action, nil)

    let arrival = unsafe signalfd(-1, &signals, Int32(SFD_CLOEXEC))
    Shortage.refuse("no signal can be waited for", arrival < 0 ? errno : 0)
    let mainThread = pthread_self()
    do {
      _ = try Thread { wait(for: arrival, interrupting: mainThread) }
    } catch {
      Shortage.refuse("no thread can be started", error.code)
    }
  }

  /// Marks the time during which the main thread has to be interrupted.
  static func whileAccepting<Result>(_ body: () -> Result) -> Result {
    isAccepting.store(true, ordering: .releasing)
    defer { isAccepting.store(false, ordering: .releasing) }
    return body()
  }

  /// - Parameter arrival: becomes readable when a signal is pending. It is never read, so that the signal stays pending.
  private static func wait(for arrival: Int32, interrupting mainThread: pthread_t) {
    var arrival = pollfd(fd: arrival, events: Int16(POLLIN), revents: 0)
    // The supervisor is told three times in each interval in which it expects to hear, and at least once a minute: poll(2) takes no more than 24
    // days.
    let interval = Supervisor.watchdogSeconds.map { min(60, max(0.1, $0 / 3)) } ?? 60
    while !isRequested {
      if unsafe poll(&arrival, 1, Int32(interval * 1_000)) == 0 && !Watchdog.isOverdue { Supervisor.alive() }
    }
    Supervisor.stopping()
    FCGX_ShutdownPending()
    while true {
      if isAccepting.load(ordering: .acquiring) { pthread_kill(mainThread, poke) }
      usleep(50_000)
    }
  }
}
