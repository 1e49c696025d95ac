/// An exchange brought no complete answer. What that means depends on the other side, so the caller classifies it.
package struct TransferError: Error, CustomStringConvertible {
  /// Why the exchange failed, as far as libcurl tells.
  package enum Kind: Sendable {
    /// The name resolved to an address that is not allowed.
    case forbiddenAddress
    /// The URL is malformed or has an unsupported scheme.
    case unusableURL
    /// No connection came about before the time for it was over.
    case unconnected
    /// The deadline, or the time without enough progress, has passed.
    case timedOut
    /// The answer is longer than the caller accepts.
    case tooLarge
    /// The name does not exist, or was not looked up in time.
    case unknownName
    /// This host cannot look up names: no name server gives an answer.
    case noNameServer
    /// This host is short of what an exchange needs: descriptors, memory, threads.
    case shortage
    /// Nobody listens, or not with TLS that can be trusted.
    case unreachable
    /// This host has no list of certificate authorities, by which to know the other side.
    case noAuthorities
    /// Any other failure: reset, truncated, TLS.
    case broken
  }

  /// The kind of failure, by which the caller classifies it.
  package let kind: Kind
  /// One short sentence without any part of the URL.
  package let description: String
  /// What had arrived; its status is 0 if nothing had.
  package let partial: HTTPResponse

  package init(_ kind: Kind, _ description: String, partial: HTTPResponse = HTTPResponse()) {
    self.kind = kind
    self.description = description
    self.partial = partial
  }
}
