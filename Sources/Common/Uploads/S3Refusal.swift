internal import Settings
internal import Transfer

/// An error answer of an S3 API: its status, and the code in its XML, tell which variable to look at.
struct S3Refusal {
  private let response: HTTPResponse
  private let secrets: [Secret]

  /// - Parameter secrets: the credentials of the request, which some stores repeat in their answer.
  init(_ response: HTTPResponse, secrets: [Secret] = []) {
    self.response = response
    self.secrets = secrets
  }

  /// The code, such as `NoSuchBucket`; nil if the answer has none.
  var code: String? { word("Code") }

  /// Whether the store is there but has no such object. Another 404 may mean that there is no such bucket, or no store at all.
  var isMissingKey: Bool { response.status == 404 && (response.body.isEmpty || code == "NoSuchKey") }

  /// Whether the request may have a header field that the store does not support.
  var isUnsupported: Bool { ["NotImplemented", "InvalidArgument", "InvalidRequest"].contains(code) }

  var error: StorageError {
    let code = code ?? "no code"
    return StorageError(
      "the object store answered \(response.status) \(code)" + (hint(code).map { ": \($0)" } ?? ""),
      retryAfterSeconds: response.retryAfterSeconds, isDenied: response.status == 403)
  }

  private func hint(_ code: String) -> String? {
    switch code {
    // Host, path and query are signed. By default nginx sends another Host, and with `$uri` no query.
    case "SignatureDoesNotMatch":
      "look at R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY; a proxy before the store has to leave Host, path and query as they are"
    case "AuthorizationHeaderMalformed": "look at S3_REGION" + (word("Region").map { ": the store says \($0)" } ?? "")
    case "InvalidAccessKeyId": "look at R2_ACCESS_KEY_ID"
    // Some stores take the first label of an unknown host for a bucket.
    case "NoSuchBucket":
      "look at R2_BUCKET_NAME and S3_ADDRESSING" + (word("BucketName").map { ": the store was asked for \($0)" } ?? "")
    case "QuotaExceeded": "there is no room left for R2_BUCKET_NAME"
    // Some stores use this for a wrong secret or an exceeded quota, too.
    case "AccessDenied": "the key may not do this in R2_BUCKET_NAME" + (reason.map { " (\($0))" } ?? "")
    case "ExpiredToken": "the temporary credentials have expired: renew both R2_ keys and S3_SESSION_TOKEN"
    case "InvalidToken", "InvalidTokenId": "look at S3_SESSION_TOKEN"
    case "RequestTimeTooSkewed": "this machine's clock is off"
    default:
      switch (response.status, message) {
      case (300..<400, _): elsewhere
      // Without a sentence of our own, the store's: `Credential access key has length 20, should be 32`.
      case (_, let message?): message
      case (403, _): "look at the R2_ keys and S3_ENDPOINT"
      case (404, _): "look at S3_ENDPOINT and R2_BUCKET_NAME"
      case (413, _): "the store, or a proxy before it, takes no object of that size (nginx: client_max_body_size)"
      case (502...504, _) where self.code == nil:
        "no S3 API answers there: look at S3_ENDPOINT, and at a proxy before the store"
      // Every S3 API gives a code, so this comes from a web server, or from a proxy on the way.
      case (400..<500, _) where self.code == nil && response.status != 429: "look at S3_ENDPOINT"
      default: nil
      }
    }
  }

  /// What helps if the bucket is in another region.
  private var elsewhere: String {
    let region = response.headers["x-amz-bucket-region"].map { " (the bucket is in \($0))" } ?? ""
    let place = response.headers["location"].flatMap { try? SourceURL($0) }.map { "\($0.scheme)://\($0.hostAndPort)" }
    let endpoint = (word("Endpoint") ?? place).map { ": the store names \($0)" } ?? ""
    return "look at S3_ENDPOINT, S3_REGION\(region) and S3_ADDRESSING\(endpoint)"
  }

  /// The store's own sentence; nil if its answer repeats a secret.
  private var message: String? {
    let text = String(decoding: response.body, as: UTF8.self)
    return secrets.contains { !$0.exposed.isEmpty && text.contains($0.exposed) } ? nil : response.element("Message")
  }

  /// What the store says apart from the fact that access is denied.
  private var reason: String? { message.flatMap { $0.lowercased().filter(\.isLetter) == "accessdenied" ? nil : $0 } }

  private func word(_ name: String) -> String? { response.element(name).flatMap { $0.contains(" ") ? nil : $0 } }
}
