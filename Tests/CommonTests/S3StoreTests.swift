import Deadlines
import Digests
import Failures
import Settings
import Testing

@testable import Transfer
@testable import Uploads

@Suite struct S3StoreTests {
  typealias Answer = ScriptedStore.Answer
  typealias Behaviour = @Sendable (ScriptedStore.Call) -> Answer?

  static let bytes = Array("a picture".utf8)
  static let key = "thumbnails/0/0-1.jpg"
  static let wrongTag = "\"0123456789abcdef0123456789abcdef\""

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

  private static func put(_ fields: [(String, String)]) -> Behaviour {
    { $0.method == "PUT" ? Answer(status: 200, fields: fields, stores: true) : nil }
  }

  /// A store whose answers to PUT and HEAD carry the same fields.
  private static func both(_ fields: [(String, String)]) -> Behaviour {
    { call in
      switch call.method {
      case "PUT": Answer(status: 200, fields: fields, stores: true)
      case "HEAD": call.stored.map { Answer(status: 200, fields: fields + [("Content-Length", "\($0.count)")]) }
      default: nil
      }
    }
  }

  private static func refusals(_ count: Int, _ status: Int, _ fields: [(String, String)] = [], body: String = "") -> Behaviour {
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
          status: 200, fields: [("ETag", "\"\(MD5.hex(bytes))\""), ("x-amz-server-side-encryption", "AES256")], stores: true)
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
      "a checksum decides", ["PUT"], put([("ETag", wrongTag), ("x-amz-checksum-sha256", Base64.string(SHA256.digest(bytes)))])),
    Row(
      "a wrong checksum", ["PUT", "HEAD"], error: "other bytes",
      both([("ETag", "\"\(MD5.hex(bytes))\""), ("x-amz-checksum-sha256", "AAAA")])),
    Row("a wrong ETag", ["PUT", "HEAD"], error: "other bytes", both([("ETag", wrongTag)])),
    Row("of another length", ["PUT", "HEAD"], error: "not there") {
      $0.method == "PUT" ? Answer(status: 200, stores: true) : Answer(status: 200, fields: [("Content-Length", "3")])
    },
    Row("said to be stored, and is not", ["PUT", "HEAD"], error: "not there") {
      $0.method == "PUT" ? Answer(status: 200) : nil
    },
    Row("no conditions", ["PUT", "PUT"]) { call in
      call.request.headers.contains { $0.name == "If-None-Match" } ? Answer(status: 501) : nil
    },
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
    Row("a look that tells no length", ["PUT", "HEAD"], error: "not there") {
      $0.method == "PUT" ? Answer(status: 200, stores: true) : Answer(status: 200)
    },
    Row("other bytes under the key", ["PUT", "HEAD"], error: "holds other bytes") {
      $0.method == "PUT" ? Answer(status: 412) : Answer(status: 200, fields: [("Content-Length", "1")])
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
  ]

  private static func settings(token: Secret? = nil) -> S3Settings {
    S3Settings(
      endpoint: "https://store.example", region: "auto", bucket: "thumbs", accessKey: Secret("key"),
      secretKey: Secret("secret"),
      sessionToken: token, publicBaseURL: "https://pictures.example")
  }

  private func store(_ transport: ScriptedStore) -> S3Store {
    S3Store(Self.settings(), client: transport, sleep: { _ in })
  }

  @Test func aSessionTokenIsSigned() throws {
    let transport = ScriptedStore()
    try S3Store(Self.settings(token: Secret("a token")), client: transport).delete(Self.key, deadline: .after(seconds: 60))
    #expect(transport.calls[0].request.headers.contains { $0 == ("x-amz-security-token", "a token") })
  }

  @Test func namesForPeople() {
    let store = store(ScriptedStore())
    #expect(store.summary == "bucket thumbs at https://store.example, public under https://pictures.example/")
    #expect(store.publicURL(Self.key) == "https://pictures.example/\(Self.key)")
    #expect(S3Store.encoded("a b/\n~") == "a%20b%2F%0A~")
  }

  @Test("what is put is stored, or it is said why not", arguments: rows)
  func puts(_ row: Row) throws {
    let transport = ScriptedStore(row.behaviour)
    let result = Result {
      try store(transport).put(Self.bytes, key: Self.key, contentType: "image/jpeg", deadline: .after(seconds: 60))
    }
    #expect(transport.methods == row.methods)
    switch result {
    case .success:
      #expect(row.error == nil)
      #expect(transport.objects["https://store.example/thumbs/\(Self.key)"] == Self.bytes)
    case .failure(let error):
      let error = try #require(error as? StorageError)
      #expect(row.error.map { error.description.contains($0) } == true, "\(error)")
      #expect(error.failureClass == .storage)
    }
  }

  @Test("four tries, then what it said last", arguments: [409, 429, 500, 502, 503, 504])
  func givesUp(status: Int) throws {
    let transport = ScriptedStore { _ in Answer(status: status, fields: [("Retry-After", "1")]) }
    let error = #expect(throws: StorageError.self) {
      try store(transport).put(Self.bytes, key: Self.key, contentType: "image/jpeg", deadline: .after(seconds: 60))
    }
    #expect(transport.methods == ["PUT", "PUT", "PUT", "PUT"])
    #expect(error?.retryAfterSeconds == 1)
  }

  @Test func aPutTellsTypeAndCaching() throws {
    let transport = ScriptedStore()
    try store(transport).put(Self.bytes, key: Self.key, contentType: "image/webp", deadline: .after(seconds: 60))
    let headers = Dictionary(uniqueKeysWithValues: transport.calls[0].request.headers.map { ($0.name, $0.value) })
    #expect(headers["Content-Type"] == "image/webp")
    #expect(headers["Cache-Control"] == "public, max-age=31536000, immutable")
    #expect(headers["If-None-Match"] == "*")
    #expect(headers["x-amz-content-sha256"] == SHA256.hex(Self.bytes))
  }

  @Test func getAndDelete() throws {
    let transport = ScriptedStore()
    let store = store(transport)
    let deadline = Deadline.after(seconds: 60)
    #expect(try store.get(Self.key, deadline: deadline) == nil)
    try store.delete(Self.key, deadline: deadline)
    try store.put(Self.bytes, key: Self.key, contentType: "image/jpeg", deadline: deadline)
    #expect(try store.get(Self.key, deadline: deadline) == Self.bytes)
    try store.delete(Self.key, deadline: deadline)
    #expect(try store.get(Self.key, deadline: deadline) == nil)
    #expect(throws: StorageError.self) { try store.get("../etc/passwd", deadline: deadline) }
  }

  @Test(
    "faults of get, delete and list",
    arguments: [Answer(status: 403), Answer(status: 500), Answer(status: 0, failure: .timedOut)])
  func otherFaults(_ answer: Answer) throws {
    let store = store(ScriptedStore { _ in answer })
    let deadline = Deadline.after(seconds: 60)
    #expect(throws: StorageError.self) { try store.get(Self.key, deadline: deadline) }
    #expect(throws: StorageError.self) { try store.delete(Self.key, deadline: deadline) }
    #expect(throws: StorageError.self) { try store.list(prefix: ObjectKey.prefix, after: "", limit: 10, deadline: deadline) }
  }

  @Test func listing() throws {
    let transport = ScriptedStore { call in
      Answer(
        status: 200,
        body:
          "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>thumbnails/a</Key><LastModified>2026-01-02T03:04:05Z</LastModified></Contents></ListBucketResult>"
      )
    }
    let listing = try store(transport).list(
      prefix: ObjectKey.prefix, after: "thumbnails/0", limit: 5000, deadline: .after(seconds: 60))
    #expect(listing.entries.map(\.key) == ["thumbnails/a"])
    #expect(
      transport.calls[0].request.url
        == "https://store.example/thumbs/?list-type=2&max-keys=1000&prefix=thumbnails%2F&start-after=thumbnails%2F0")
    let page = ScriptedStore { _ in Answer(status: 200, body: "<html>") }
    #expect(throws: StorageError.self) {
      try store(page).list(prefix: ObjectKey.prefix, after: "", limit: 1, deadline: .after(seconds: 60))
    }
  }

  @Test func oneThatBeginsAgainAndAgain() throws {
    let store = store(
      ScriptedStore { _ in
        Answer(
          status: 200,
          body:
            "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>thumbnails/a</Key><LastModified>2026-01-02T03:04:05Z</LastModified></Contents></ListBucketResult>"
        )
      })
    let first = try store.list(prefix: ObjectKey.prefix, after: "", limit: 1, deadline: .after(seconds: 60))
    let error = #expect(throws: StorageError.self) {
      try store.list(prefix: ObjectKey.prefix, after: first.next ?? "", limit: 1, deadline: .after(seconds: 60))
    }
    #expect(error?.description.contains("start-after") == true)
  }
}
