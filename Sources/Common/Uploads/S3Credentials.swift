package import Settings

/// What requests to an S3 API are signed with.
package struct S3Credentials: Sendable {
  /// The id of the access key.
  let accessKey: Secret
  /// The secret of the access key: it signs and is never sent.
  let secretKey: Secret
  /// For temporary credentials; nil for lasting ones.
  let sessionToken: Secret?

  package init(accessKey: Secret, secretKey: Secret, sessionToken: Secret? = nil) {
    self.accessKey = accessKey
    self.secretKey = secretKey
    self.sessionToken = sessionToken
  }

  /// All that must not be said again.
  var secrets: [Secret] { [accessKey, secretKey] + [sessionToken].compactMap(\.self) }

  /// As the files that the environment names hold them now; what cannot be read at the moment stays as it was.
  func renewed(_ environment: Environment) -> S3Credentials {
    S3Credentials(
      accessKey: environment.secret(Self.accessKeyNames) ?? accessKey,
      secretKey: environment.secret(Self.secretKeyNames) ?? secretKey,
      sessionToken: environment.secret(Self.sessionTokenNames) ?? sessionToken)
  }

  static let accessKeyNames = ["R2_ACCESS_KEY_ID", "VITE_CLOUDFLARE_R2_ACCESS_KEY_ID"]
  static let secretKeyNames = ["R2_SECRET_ACCESS_KEY", "VITE_CLOUDFLARE_R2_SECRET_ACCESS_KEY"]
  static let sessionTokenNames = ["S3_SESSION_TOKEN", "AWS_SESSION_TOKEN"]
}
