internal import Glibc

/// If a store or the database closes a connection while TLS writes to it, the process gets SIGPIPE, which would kill it silently.
package enum BrokenPipes {
  /// Makes such a write fail with an error instead, in this process and in those that it starts.
  package static func areErrors() { signal(SIGPIPE, SIG_IGN) }
}
