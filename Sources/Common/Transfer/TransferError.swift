/// An exchange that brought no complete answer. What that means depends on the other side: whoever asked classifies it.
package struct TransferError: Error, CustomStringConvertible {
  /// What an exchange broke on, as far as libcurl tells.
  package enum Kind: Sendable {
    /// The address the name resolved to may not be connected to.
    case forbiddenAddress
    /// The URL is malformed or of a scheme we do not speak.
    case unusableURL
    /// The deadline, or the time without enough progress, is over.
    case timedOut
    /// The answer is longer than the caller takes.
    case tooLarge
    /// There is no such name, or nobody listens.
    case unreachable
    /// Anything else: reset, truncated, TLS.
    case broken
  }

  /// By this whoever asked for the exchange classifies the failure.
  package let kind: Kind
  /// One short sentence without any part of the URL.
  package let description: String
  /// What had arrived by then; its status is 0 where nothing had.
  package let partial: HTTPResponse

  package init(_ kind: Kind, _ description: String, partial: HTTPResponse = HTTPResponse()) {
    self.kind = kind
    self.description = description
    self.partial = partial
  }
}
