internal import Digests
internal import Settings

/// Decides by the `Authorization` header who is calling.
package struct BearerAuthenticator: Sendable {
  private let secrets: [(caller: Caller, secret: Secret)]

  /// A secret that is not set lets nobody in. Where two callers have the same one, the first of these is taken: service, cron, webhook, status.
  package init(_ settings: AuthSettings) {
    let known: [(Caller, Secret?)] = [
      (.service, settings.service), (.service, settings.previousService),
      (.cron, settings.cron), (.webhook, settings.webhook), (.status, settings.status),
    ]
    secrets = known.compactMap { caller, secret in secret.map { (caller, $0) } }
  }

  /// The caller whose secret the header shows in full, or nil. The scheme is `Bearer` in any case (RFC 7235), the token is
  /// compared as a whole and in constant time with every known secret, so that timing tells nothing about any of them.
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
