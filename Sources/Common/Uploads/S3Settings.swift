internal import Settings

/// Cloudflare R2, or another store with an S3 API.
package struct S3Settings: Sendable {
  /// Base URL of the API.
  package let endpoint: String
  /// The region in the signature of requests (`S3_REGION`); `auto` for R2.
  package let region: String
  /// The bucket's name, without the host.
  package let bucket: String
  /// The credentials at the start.
  private let firstCredentials: S3Credentials
  /// Names the files from which credentials are read.
  private let environment: Environment
  /// Whether the bucket's name is in the path or in the host name.
  private let addressing: S3Addressing
  /// The beginning of public URLs.
  package let publicBaseURL: String

  /// The credentials for the next request: temporary ones are renewed in their files while a process runs.
  var credentials: S3Credentials { firstCredentials.renewed(environment) }

  /// The beginning of all URLs of the bucket, without a slash at the end.
  var bucketURL: String {
    guard addressing == .virtual, let scheme = endpoint.firstRange(of: "://") else { return "\(endpoint)/\(bucket)" }
    return "\(endpoint[..<scheme.upperBound])\(bucket).\(endpoint[scheme.upperBound...])"
  }

  /// The variables from which the host name is made, for people.
  var addressNames: String {
    addressing == .virtual ? "S3_ENDPOINT, S3_ADDRESSING, R2_BUCKET_NAME" : "S3_ENDPOINT"
  }

  /// Nil if no variable tells which store to use. Region, addressing and session token alone do not.
  init?(_ reader: inout SettingsReader) {
    reader.begin("Store: R2, or any other with an S3 API")
    let account = reader.text(
      "R2_ACCOUNT_ID", "VITE_CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_ACCOUNT_ID", meaning: "the Cloudflare account's id")
    let bucket = reader.text("R2_BUCKET_NAME", "VITE_CLOUDFLARE_R2_BUCKET_NAME", meaning: "the bucket")
    let domain = reader.text(
      "R2_PUBLIC_DOMAIN", "VITE_CLOUDFLARE_R2_PUBLIC_DOMAIN",
      meaning: "the domain under which the bucket is public, without scheme and path; or a URL with a path")
    let override = reader.baseURL(
      "S3_ENDPOINT", meaning: "base URL of another store's API; if it is not set, R2's for the account")
    let access = reader.foreignSecret(S3Credentials.accessKeyNames, meaning: "the access key's id")
    let secret = reader.foreignSecret(S3Credentials.secretKeyNames, meaning: "the access key's secret")
    region = reader.text("S3_REGION", fallback: "auto", meaning: "the region requests are signed for")
    let token = reader.foreignSecret(
      S3Credentials.sessionTokenNames,
      meaning: "for temporary credentials; it and both keys are read again for each request if they are in files")
    addressing = reader.choice(
      "S3_ADDRESSING", fallback: .path, meaning: "where the bucket's name goes: `host/bucket/key`, or `bucket.host/key`")
    if account.isEmpty && bucket.isEmpty && domain.isEmpty && override == nil && access == nil && secret == nil { return nil }

    let required = [
      (override != nil || !account.isEmpty, "R2_ACCOUNT_ID", "the Cloudflare account, or S3_ENDPOINT for another store"),
      (!bucket.isEmpty, "R2_BUCKET_NAME", "the bucket for thumbnails"), (access != nil, "R2_ACCESS_KEY_ID", "the access key"),
      (secret != nil, "R2_SECRET_ACCESS_KEY", "the secret key"),
      (!domain.isEmpty, "R2_PUBLIC_DOMAIN", "the domain the bucket is public under, for example thumbs.example.com"),
    ]
    for (isThere, name, meaning) in required where !isThere {
      reader.report("\(name) is missing: \(meaning) (other R2_/S3_ variables are set)")
    }

    S3Names.check(account: account, bucket: bucket, region: region, endpoint: override, &reader)
    endpoint = override ?? "https://\(account).r2.cloudflarestorage.com"
    self.bucket = bucket
    firstCredentials = S3Credentials(accessKey: access ?? Secret(""), secretKey: secret ?? Secret(""), sessionToken: token)
    environment = reader.environment
    publicBaseURL = S3Names.publicBaseURL(domain, &reader)
  }
}
