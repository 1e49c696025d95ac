import Digests
import FoundationEssentials
import Testing

@testable import Transfer
@testable import Uploads

/// How stores answer, and what becomes of a picture then.
extension S3StoreTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let methods: [String]
    /// In the error's sentence; nil where the bytes are stored.
    let error: String?
    let behaviour: Behaviour

    init(_ name: String, _ methods: [String], error: String? = nil, _ behaviour: @escaping Behaviour = { _ in nil }) {
      testDescription = name
      self.methods = methods
      self.error = error
      self.behaviour = behaviour
    }
  }

  static func put(_ fields: [(String, String)]) -> Behaviour {
    { $0.method == "PUT" ? Answer(status: 200, fields: fields, stores: true) : nil }
  }

  /// A store whose answers to PUT and HEAD carry the same fields.
  static func both(_ fields: [(String, String)]) -> Behaviour {
    { call in
      switch call.method {
      case "PUT": Answer(status: 200, fields: fields, stores: true)
      case "HEAD": call.stored.map { Answer(status: 200, fields: fields + [("Content-Length", "\($0.count)")]) }
      default: nil
      }
    }
  }

  static func refusals(_ count: Int, _ status: Int, _ fields: [(String, String)] = [], body: String = "") -> Behaviour {
    { $0.number <= count ? Answer(status: status, fields: fields, body: body) : nil }
  }

  static let rows: [Row] = [
    Row("honest", ["PUT"]),
    Row("no ETag", ["PUT", "HEAD"], put([])),
    Row("the ETag of parts", ["PUT", "HEAD"], put([("ETag", "\"0123456789abcdef0123456789abcdef-2\"")])),
    Row("an ETag that is no digest", ["PUT", "HEAD"], put([("ETag", "\"xyz\"")])),
    Row(
      "encrypted with a key of KMS", ["PUT", "HEAD"], both([("ETag", wrongTag), ("x-amz-server-side-encryption", "aws:kms")])),
    Row("twice encrypted", ["PUT", "HEAD"], both([("ETag", wrongTag), ("x-amz-server-side-encryption", "aws:kms:dsse")])),
    Row(
      "encrypted with a key of one's own", ["PUT", "HEAD"],
      both([("ETag", wrongTag), ("x-amz-server-side-encryption-customer-algorithm", "AES256")])),
    Row("encrypted by the store itself", ["PUT"]) {
      $0.method == "PUT"
        ? Answer(
          status: 200, fields: [("ETag", "\"\(MD5.hex(bytes)!)\""), ("x-amz-server-side-encryption", "AES256")], stores: true)
        : nil
    },
    Row("only HEAD says of the key", ["PUT", "HEAD"]) { call in
      switch call.method {
      case "PUT": Answer(status: 200, fields: [("ETag", wrongTag)], stores: true)
      case "HEAD":
        Answer(
          status: 200,
          fields: [("ETag", wrongTag), ("x-amz-server-side-encryption", "aws:kms"), ("Content-Length", "\(bytes.count)")])
      default: nil
      }
    },
    Row(
      "a checksum decides", ["PUT"],
      put([("ETag", wrongTag), ("x-amz-checksum-sha256", Data(SHA256.digest(bytes)).base64EncodedString())])),
    Row("a tag that looks like an MD5 and is none", ["PUT", "HEAD", "GET"], both([("ETag", wrongTag)])),
    Row("a wrong checksum", ["PUT", "HEAD", "GET"], error: "other bytes") {
      $0.method == "GET"
        ? Answer(status: 200, body: "no picture")
        : both([("ETag", "\"\(MD5.hex(bytes)!)\""), ("x-amz-checksum-sha256", "AAAA")])($0)
    },
    Row("a wrong ETag", ["PUT", "HEAD", "GET"], error: "other bytes") {
      $0.method == "GET" ? Answer(status: 200, body: "no picture") : both([("ETag", wrongTag)])($0)
    },
    Row("of another length", ["PUT", "HEAD", "GET"], error: "not there") {
      switch $0.method {
      case "PUT": Answer(status: 200, stores: true)
      case "HEAD": Answer(status: 200, fields: [("Content-Length", "3")])
      default: Answer(status: 200, body: "not")
      }
    },
    Row("an error after all", ["PUT", "PUT"], refusals(1, 200, body: "<Error><Code>InternalError</Code></Error>")),
    Row("said to be stored, and is not", ["PUT", "HEAD"], error: "not there") {
      $0.method == "PUT" ? Answer(status: 200) : nil
    },
    Row("a site that answers everything with its page", ["PUT", "HEAD", "GET"], error: "(S3_ENDPOINT)") { _ in
      Answer(status: 200, fields: [("Content-Type", "text/html"), ("Content-Length", "6")], body: "<html>")
    },
    Row("no conditions", ["PUT", "PUT"]) { call in
      call.request.headers.contains { $0.name == "If-None-Match" } ? Answer(status: 501) : nil
    },
    Row("no conditions, said in another way", ["PUT", "PUT"]) { call in
      call.request.headers.contains { $0.name == "If-None-Match" }
        ? Answer(status: 400, body: "<Error><Code>InvalidArgument</Code></Error>") : nil
    },
    Row(
      "another argument is invalid", ["PUT", "PUT"], error: "400 InvalidArgument",
      refusals(9, 400, body: "<Error><Code>InvalidArgument</Code></Error>")),
    Row("no answer, but stored", ["PUT", "HEAD"]) {
      $0.method == "PUT" ? Answer(status: 0, failure: .timedOut, stores: true) : nil
    },
    Row("no answer, not stored, then well", ["PUT", "HEAD", "PUT"]) {
      $0.number == 1 ? Answer(status: 0, failure: .broken) : nil
    },
    Row("stored at the second look", ["PUT", "HEAD", "PUT", "HEAD"]) { call in
      switch call.number {
      case 1: Answer(status: 0, failure: .broken, stores: true)
      case 2: Answer(status: 404)
      default: nil
      }
    },
    Row("no word of the bytes, and no leave to look", ["PUT", "HEAD"], error: "look at the R2_ keys") {
      $0.method == "PUT" ? Answer(status: 200, stores: true) : Answer(status: 403)
    },
    Row("a look that tells no length", ["PUT", "HEAD", "GET"]) { call in
      switch call.method {
      case "PUT": Answer(status: 200, stores: true)
      case "HEAD": Answer(status: 200)
      default: nil
      }
    },
    Row("other bytes under the key", ["PUT", "HEAD", "GET"], error: "holds other bytes under the same key (S3_ENDPOINT)") {
      $0.method == "PUT" ? Answer(status: 412) : Answer(status: 200, fields: [("Content-Length", "1")], body: "x")
    },
    Row("there already, said in another way", ["PUT", "HEAD"]) {
      $0.method == "PUT" ? Answer(status: 304, stores: true) : nil
    },
    Row("busy once", ["PUT", "PUT"], refusals(1, 503)),
    Row("throttled once", ["PUT", "PUT"], refusals(1, 429, [("Retry-After", "0")])),
    Row("in conflict once", ["PUT", "PUT"], refusals(1, 409)),
    Row("denied", ["PUT"], error: "R2_BUCKET_NAME", refusals(9, 403, body: "<Error><Code>AccessDenied</Code></Error>")),
    Row(
      "another bucket", ["PUT"], error: "look at R2_BUCKET_NAME",
      refusals(9, 404, body: "<Error><Code>NoSuchBucket</Code></Error>")),
    Row(
      "another region's bucket", ["PUT"], error: "(the bucket is in eu-west-1)",
      refusals(9, 301, [("x-amz-bucket-region", "eu-west-1")], body: "<Error><Code>PermanentRedirect</Code></Error>")),
    Row(
      "the endpoint of another region", ["PUT"], error: "the store names s3.eu-west-1.example",
      refusals(9, 307, body: "<Error><Code>TemporaryRedirect</Code><Endpoint>s3.eu-west-1.example</Endpoint></Error>")),
    Row(
      "a region that is none", ["PUT"], error: "the store says eu-west-1",
      refusals(9, 400, body: "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>")),
    Row(
      "a wrong secret", ["PUT"], error: "R2_SECRET_ACCESS_KEY",
      refusals(9, 403, body: "<Error><Code>SignatureDoesNotMatch</Code></Error>")),
    Row(
      "a wrong key id", ["PUT"], error: "look at R2_ACCESS_KEY_ID",
      refusals(9, 403, body: "<Error><Code>InvalidAccessKeyId</Code></Error>")),
    Row(
      "a token that has expired", ["PUT"], error: "S3_SESSION_TOKEN",
      refusals(9, 400, body: "<Error><Code>ExpiredToken</Code></Error>")),
    Row(
      "a clock that is off", ["PUT"], error: "clock", refusals(9, 403, body: "<Error><Code>RequestTimeTooSkewed</Code></Error>")
    ),
    Row("a web server instead", ["PUT"], error: "S3_ENDPOINT", refusals(9, 404, body: "<html>")),
    Row("keys that are refused", ["PUT"], error: "look at the R2_ keys", refusals(9, 403)),
    Row(
      "secrets said again", ["PUT"], error: "403 Odd: look at the R2_ keys",
      refusals(9, 403, body: "<Error><Code>Odd</Code><Message>the store's secret</Message></Error>")),
  ]
}
