internal import Digests
internal import Settings

/// Identifies the caller by the `Authorization` header.
package struct BearerAuthenticator: Sendable {
  private let secrets: [(caller: Caller, secret: Secret)]

  /// A secret that is not set admits nobody.
  package init(_ settings: AuthSettings) { secrets = settings.secrets }

  /// The caller whose secret the header has, or nil. The case of the scheme `Bearer` does not matter (RFC 7235). The whole token is
  /// compared with every known secret in constant time, so that the time of an answer tells nothing about any of them.
  package func caller(authorization: String?) -> Caller? {
    guard let authorization, authorization.utf8.count <= 8192 else { return nil }
    let parts = authorization.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    let token = parts[1].drop { $0 == " " }
    var found: Caller?
    for (caller, secret) in secrets where ConstantTime.equal(String(token), secret.exposed) {
      found = found ?? caller
    }
    return found
  }
}
