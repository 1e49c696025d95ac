internal import Settings

/// The credentials with which requests to an S3 API are signed.
struct S3Credentials: Sendable {
  /// The id of the access key.
  let accessKey: Secret
  /// The secret of the access key, which signs and is never sent.
  let secretKey: Secret
  /// Only for temporary credentials; otherwise nil.
  let sessionToken: Secret?

  /// All texts that must not be repeated.
  var secrets: [Secret] { [accessKey, secretKey] + [sessionToken].compactMap(\.self) }

  /// The credentials as they are now in the files that the environment names. What cannot be read at the moment stays as it was.
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
