internal import Glibc

/// If a store or the database closes a connection while TLS writes to it, the process gets SIGPIPE, which would kill it silently.
package enum BrokenPipes {
  /// Makes such a write fail with an error instead. Decoders are started without it (`SpawnedProcess`) and see to it themselves.
  package static func areErrors() { signal(SIGPIPE, SIG_IGN) }
}
