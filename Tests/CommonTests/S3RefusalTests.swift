import Failures
import Settings
import Testing

@testable import Transfer
@testable import Uploads

@Suite struct S3RefusalTests {
  @Test(
    "which variable to look at",
    arguments: [
      (
        403, "<Code>SignatureDoesNotMatch</Code>",
        "403 SignatureDoesNotMatch: look at R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY; a proxy before the store has to leave Host, path and query as they are"
      ),
      (403, "<Code>InvalidAccessKeyId</Code>", "403 InvalidAccessKeyId: look at R2_ACCESS_KEY_ID"),
      (403, "<Code>AccessDenied</Code>", "403 AccessDenied: the key may not do this in R2_BUCKET_NAME"),
      (403, "<Code>RequestTimeTooSkewed</Code>", "403 RequestTimeTooSkewed: this machine's clock is off"),
      (
        400, "<Code>ExpiredToken</Code>",
        "400 ExpiredToken: the temporary credentials have expired: renew both R2_ keys and S3_SESSION_TOKEN"
      ),
      (403, "<Code>InvalidTokenId</Code>", "403 InvalidTokenId: look at S3_SESSION_TOKEN"),
      (400, "<Code>InvalidToken</Code>", "400 InvalidToken: look at S3_SESSION_TOKEN"),
      (
        400, "<Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region>",
        "400 AuthorizationHeaderMalformed: look at S3_REGION: the store says eu-west-1"
      ),
      (400, "<Code>AuthorizationHeaderMalformed</Code>", "400 AuthorizationHeaderMalformed: look at S3_REGION"),
      (404, "<Code>NoSuchBucket</Code>", "404 NoSuchBucket: look at R2_BUCKET_NAME and S3_ADDRESSING"),
      // As radosgw says it of a host that is not its own: it takes that for the bucket's name.
      (
        404, "<Code>NoSuchBucket</Code><Message></Message><BucketName>localhost</BucketName>",
        "404 NoSuchBucket: look at R2_BUCKET_NAME and S3_ADDRESSING: the store was asked for localhost"
      ),
      (404, "", "404 no code: look at S3_ENDPOINT and R2_BUCKET_NAME"),
      (403, "<html>", "403 no code: look at the R2_ keys and S3_ENDPOINT"),
      (400, "<html>The plain HTTP request was sent to HTTPS port", "400 no code: look at S3_ENDPOINT"),
      (401, "", "401 no code: look at S3_ENDPOINT"),
      (
        413, "<html>",
        "413 no code: the store, or a proxy before it, takes no object of that size (nginx: client_max_body_size)"
      ),
      (403, "<Code>QuotaExceeded</Code><Message></Message>", "403 QuotaExceeded: there is no room left for R2_BUCKET_NAME"),
      (429, "", "429 no code"), (500, "", "500 no code"),
      (502, "<html>", "502 no code: no S3 API answers there: look at S3_ENDPOINT, and at a proxy before the store"),
      (503, "<Code>SlowDown</Code>", "503 SlowDown"),
      (
        301, "<Code>PermanentRedirect</Code><Endpoint>s3.example.com</Endpoint>",
        "301 PermanentRedirect: look at S3_ENDPOINT, S3_REGION and S3_ADDRESSING: the store names s3.example.com"
      ),
      // Where we have no sentence, the store's.
      (
        400, "<Code>InvalidArgument</Code><Message>Credential access key has length 20, should be 32</Message>",
        "400 InvalidArgument: Credential access key has length 20, should be 32"
      ),
      (403, "<Code>AccountProblem</Code><Message>Pay your bill</Message>", "403 AccountProblem: Pay your bill"),
      (
        403, "<Code>AccessDenied</Code><Message>Access Denied</Message>",
        "403 AccessDenied: the key may not do this in R2_BUCKET_NAME"
      ),
      (
        403, "<Code>AccessDenied</Code><Message>Access denied.</Message>",
        "403 AccessDenied: the key may not do this in R2_BUCKET_NAME"
      ),
      // Garage says so of a wrong secret, Backblaze of a quota.
      (
        403, "<Code>AccessDenied</Code><Message>Forbidden: Invalid signature</Message>",
        "403 AccessDenied: the key may not do this in R2_BUCKET_NAME (Forbidden: Invalid signature)"
      ),
      (
        403, "<Code>AccessDenied</Code><Message>may not: s3:PutObject on resource: \"a\" by policy</Message>",
        "403 AccessDenied: the key may not do this in R2_BUCKET_NAME (may not: s3:PutObject on resource: \"a\" by policy)"
      ),
      // A secret is not said again, though the store does.
      (
        403, "<Code>InvalidSignature</Code><Message>AKPLACEHOLDER is wrong</Message>",
        "403 InvalidSignature: look at the R2_ keys and S3_ENDPOINT"
      ),
      (
        403, "<Code>AccessDenied</Code><Message>No such key: AKPLACEHOLDER</Message>",
        "403 AccessDenied: the key may not do this in R2_BUCKET_NAME"
      ),
      // What is not fit to be shown is not shown.
      (400, "<Code>A</Code><Message>\u{1b}[31m</Message>", "400 A"),
      (400, "<Code>a b</Code>", "400 no code: look at S3_ENDPOINT"),
      (400, "<Code>\u{1b}[31m</Code>", "400 no code: look at S3_ENDPOINT"),
      (400, "<Code></Code>", "400 no code: look at S3_ENDPOINT"),
    ])
  func hints(status: Int, body: String, words: String) {
    let error = error(status, body)
    #expect(error.description == "the object store answered \(words)")
    #expect(error.isDenied == (status == 403))
    #expect(error.failureClass == .storage)
  }

  @Test("what the store says in header fields") func fields() {
    let elsewhere = error(301, "", ["x-amz-bucket-region: eu-west-1", "Retry-After: 7"])
    #expect(elsewhere.description.contains("S3_REGION (the bucket is in eu-west-1)"))
    #expect(elsewhere.retryAfterSeconds == 7)
    let secure = error(301, "<html>", ["Location: https://s3.example.com/thumbnails/a.jpg?token=AKPLACEHOLDER"])
    #expect(secure.description.hasSuffix("S3_ADDRESSING: the store names https://s3.example.com:443"))
  }

  private func error(_ status: Int, _ body: String, _ fields: [String] = []) -> StorageError {
    var response = HTTPResponse()
    response.status = status
    response.body = Array(body.utf8)
    for field in fields { response.headers.append(field.utf8) }
    return S3Refusal(response, secrets: [Secret(""), Secret("AKPLACEHOLDER")]).error
  }
}
