internal import Transfer

/// An answer of an S3 API that is no success: which variable to look at, by status and by the code in its XML.
struct S3Refusal {
  private let response: HTTPResponse

  init(_ response: HTTPResponse) {
    self.response = response
  }

  /// `NoSuchBucket` and its like; nil where the answer has none.
  var code: String? { word("Code") }

  /// Whether the store is there and has no such object: another 404 may be a bucket that there is none of, or no store at all.
  var isMissingKey: Bool { response.status == 404 && (response.body.isEmpty || code == "NoSuchKey") }

  var error: StorageError {
    let code = code ?? "no code"
    return StorageError(
      "the object store answered \(response.status) \(code)" + (hint(code).map { ": \($0)" } ?? ""),
      retryAfterSeconds: response.retryAfterSeconds, isDenied: response.status == 403)
  }

  private func hint(_ code: String) -> String? {
    switch code {
    case "SignatureDoesNotMatch": "look at R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY"
    case "AuthorizationHeaderMalformed": "look at S3_REGION" + (word("Region").map { ": the store says \($0)" } ?? "")
    case "InvalidAccessKeyId": "look at R2_ACCESS_KEY_ID"
    case "NoSuchBucket": "look at R2_BUCKET_NAME"
    case "AccessDenied": "the key may not do this in R2_BUCKET_NAME"
    case "ExpiredToken", "InvalidToken": "look at S3_SESSION_TOKEN"
    case "RequestTimeTooSkewed": "this machine's clock is off"
    default:
      switch (response.status, response.element("Message")) {
      case (300..<400, _): elsewhere
      // The store's own sentence, where we have none: `Credential access key has length 20, should be 32`.
      case (_, let message?): message
      case (403, _): "look at the R2_ keys"
      case (404, _): "look at S3_ENDPOINT and R2_BUCKET_NAME"
      default: nil
      }
    }
  }

  /// Where a bucket of another region is.
  private var elsewhere: String {
    let region = response.headers["x-amz-bucket-region"].map { " (the bucket is in \($0))" } ?? ""
    let endpoint = word("Endpoint").map { ": the store names \($0)" } ?? ""
    return "look at S3_ENDPOINT, S3_REGION\(region) and S3_ADDRESSING\(endpoint)"
  }

  private func word(_ name: String) -> String? { response.element(name).flatMap { $0.contains(" ") ? nil : $0 } }
}
