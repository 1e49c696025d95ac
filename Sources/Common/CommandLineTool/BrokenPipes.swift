internal import Glibc

/// A connection that a store or the database closes while TLS writes to it raises SIGPIPE, which would end the process without a word.
package enum BrokenPipes {
  /// Makes such a write an error like others, of this process and of those it starts.
  package static func areErrors() { signal(SIGPIPE, SIG_IGN) }
}
