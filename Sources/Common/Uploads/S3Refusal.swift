internal import Transfer

/// An answer of an S3 API that is no success: which variable to look at, by status and by the code in its XML.
struct S3Refusal {
  private let response: HTTPResponse
  private let text: String

  init(_ response: HTTPResponse) {
    self.response = response
    text = String(decoding: response.body.prefix(4096), as: UTF8.self)
  }

  var error: StorageError {
    let code = element("Code") ?? "no code"
    return StorageError(
      "the object store answered \(response.status) \(code)" + (hint(code).map { ": \($0)" } ?? ""),
      retryAfterSeconds: response.retryAfterSeconds, isDenied: response.status == 403)
  }

  private func hint(_ code: String) -> String? {
    switch code {
    case "SignatureDoesNotMatch": "look at R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY"
    case "AuthorizationHeaderMalformed": "look at S3_REGION" + (element("Region").map { ": the store says \($0)" } ?? "")
    case "InvalidAccessKeyId": "look at R2_ACCESS_KEY_ID"
    case "NoSuchBucket": "look at R2_BUCKET_NAME"
    case "AccessDenied": "the key may not do this in R2_BUCKET_NAME"
    case "ExpiredToken", "InvalidToken": "look at S3_SESSION_TOKEN"
    case "RequestTimeTooSkewed": "this machine's clock is off"
    default:
      switch response.status {
      case 300..<400: elsewhere
      case 403: "look at the R2_ keys"
      case 404: "look at S3_ENDPOINT and R2_BUCKET_NAME"
      default: nil
      }
    }
  }

  /// Where a bucket of another region is.
  private var elsewhere: String {
    let region = response.headers["x-amz-bucket-region"].map { " (the bucket is in \($0))" } ?? ""
    let endpoint = element("Endpoint").map { ": the store names \($0)" } ?? ""
    return "look at S3_ENDPOINT, S3_REGION\(region) and S3_ADDRESSING\(endpoint)"
  }

  /// The text of the first element of that name; nil where there is none, or one that is not fit to be shown.
  private func element(_ name: String) -> String? {
    guard let start = text.firstRange(of: "<\(name)>") else { return nil }
    let value = text[start.upperBound...].prefix { $0 != "<" }.prefix(100)
    return !value.isEmpty && value.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) ? String(value) : nil
  }
}
