import Deadlines
import Digests
import Failures
import FoundationEssentials
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

  static func settings(_ others: [String: String] = [:]) -> S3Settings {
    let needed = [
      "S3_ENDPOINT": "https://store.example", "R2_BUCKET_NAME": "thumbs", "R2_ACCESS_KEY_ID": "key",
      "R2_SECRET_ACCESS_KEY": "secret", "R2_PUBLIC_DOMAIN": "pictures.example",
    ]
    var reader = SettingsReader(Environment(needed.merging(others) { $1 }))
    return S3Settings(&reader)!
  }

  private func store(_ transport: ScriptedStore) -> S3Store {
    S3Store(Self.settings(), client: transport, sleep: { _ in })
  }

  @Test func aSessionTokenIsSigned() throws {
    let transport = ScriptedStore()
    let store = S3Store(Self.settings(["S3_SESSION_TOKEN": "a token"]), client: transport)
    try store.delete(Self.key, deadline: .after(seconds: 60))
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
    let transport = ScriptedStore { Answer(status: status, fields: $0.number == 1 ? [] : [("Retry-After", "1")]) }
    var pauses: [Double] = []
    let store = S3Store(Self.settings(), client: transport) { pauses.append($0) }
    let error = #expect(throws: StorageError.self) {
      try store.put(Self.bytes, key: Self.key, contentType: "image/jpeg", deadline: .after(seconds: 3600))
    }
    #expect(transport.methods == ["PUT", "PUT", "PUT", "PUT"])
    #expect(pauses == [0.4, 1, 1])
    // The rest of the time is for the others, and to look whether the object arrived.
    #expect(transport.calls.allSatisfy { (1...1201).contains($0.request.deadline.secondsLeft) })
    #expect(error?.retryAfterSeconds == 1)
  }

  @Test func aPutTellsTypeAndCaching() throws {
    let transport = ScriptedStore()
    try store(transport).put(Self.bytes, key: Self.key, contentType: "image/webp", deadline: .after(seconds: 60))
    let headers = Dictionary(uniqueKeysWithValues: transport.calls[0].request.headers.map { ($0.name, $0.value) })
    #expect(headers["Content-Type"] == "image/webp")
    #expect(headers["Cache-Control"] == "public, max-age=31536000, immutable")
    #expect(headers["If-None-Match"] == "*")
    #expect(headers["Content-MD5"] == Data(try #require(MD5.digest(Self.bytes))).base64EncodedString())
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
    "what a deletion leaves",
    arguments: [
      ([], true), ([("x-amz-delete-marker", "true"), ("x-amz-version-id", "3sL4kqtJlcpXroDTDmJ")], false),
      ([("x-amz-delete-marker", "true"), ("x-amz-version-id", "null")], true),
    ])
  func whatADeletionLeaves(_ fields: [(String, String)], isGone: Bool) throws {
    let store = store(ScriptedStore { _ in Answer(status: 204, fields: fields) })
    #expect(try store.delete(Self.key, deadline: .after(seconds: 60)) == isGone)
  }

  @Test func aLifecycleRule() throws {
    let store = store(
      ScriptedStore { _ in
        Answer(
          status: 200, fields: [("x-amz-expiration", #"expiry-date="Fri, 21 Dec 2035 00:00:00 GMT", rule-id="short-lived""#)])
      })
    #expect(try store.expiry(of: Self.key, deadline: .after(seconds: 60)) == "Fri, 21 Dec 2035 00:00:00 GMT")
    let lasting = self.store(ScriptedStore { _ in Answer(status: 200) })
    #expect(try lasting.expiry(of: Self.key, deadline: .after(seconds: 60)) == nil)
  }

  @Test("where nobody is, what makes the host's name is named", arguments: [S3Addressing.path, .virtual])
  func nobodyThere(_ addressing: S3Addressing) throws {
    let settings = Self.settings(["S3_ADDRESSING": addressing.rawValue])
    let transport = ScriptedStore { _ in Answer(status: 0, failure: .unreachable) }
    let store = S3Store(settings, client: transport) { _ in }
    for call: (S3Store) throws -> Void in [
      { try $0.delete(Self.key, deadline: .after(seconds: 60)) },
      { try $0.put(Self.bytes, key: Self.key, contentType: "image/jpeg", deadline: .after(seconds: 60)) },
    ] {
      let error = #expect(throws: StorageError.self) { try call(store) }
      #expect(error?.description.contains("S3_ENDPOINT") == true)
      #expect(error?.description.contains("S3_ADDRESSING") == (addressing == .virtual))
    }
    let bucket = addressing == .virtual ? "https://thumbs.store.example" : "https://store.example/thumbs"
    #expect(transport.calls.allSatisfy { $0.request.url == "\(bucket)/\(Self.key)" })
  }

  @Test(
    "faults of get, delete and list",
    arguments: [
      Answer(status: 403), Answer(status: 500), Answer(status: 0, failure: .timedOut),
      // No key that is missing: the bucket is, or the store.
      Answer(status: 404, body: "<Error><Code>NoSuchBucket</Code></Error>"), Answer(status: 404, body: "<html>"),
    ])
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
    #expect(throws: StorageError.self, "what was not asked for") {
      try store(transport).list(prefix: "thumbnails/b", after: "", limit: 1, deadline: .after(seconds: 60))
    }
    let page = ScriptedStore { _ in Answer(status: 200, body: "<html>") }
    #expect(throws: StorageError.self) {
      try store(page).list(prefix: ObjectKey.prefix, after: "", limit: 1, deadline: .after(seconds: 60))
    }
  }

  @Test func aPageWithoutKeysIsNotTheLast() throws {
    let transport = ScriptedStore {
      let isFirst = !$0.request.url.contains("continuation-token=a%2Bb%3D&list-type=2&")
      return Answer(
        status: 200,
        body: "<ListBucketResult><IsTruncated>\(isFirst)</IsTruncated>"
          + (isFirst
            ? "<NextContinuationToken>a+b=</NextContinuationToken>"
            : "<Contents><Key>thumbnails/a</Key><LastModified>2026-01-02T03:04:05Z</LastModified></Contents>")
          + "</ListBucketResult>")
    }
    let listing = try store(transport).list(prefix: ObjectKey.prefix, after: "", limit: 9, deadline: .after(seconds: 60))
    #expect(listing.entries.map(\.key) == ["thumbnails/a"])
    #expect(transport.calls.count == 2)
  }

  @Test func anErrorInAnAnswersPlaceIsSaid() throws {
    let store = store(ScriptedStore { _ in Answer(status: 200, body: "<Error><Code>InternalError</Code></Error>") })
    let listing = #expect(throws: StorageError.self) {
      try store.list(prefix: ObjectKey.prefix, after: "", limit: 9, deadline: .after(seconds: 60))
    }
    let deletion = #expect(throws: StorageError.self) { try store.delete(Self.key, deadline: .after(seconds: 60)) }
    for error in [listing, deletion] { #expect(error?.description == "the object store answered 200 InternalError") }
  }

  @Test func pagesWithoutKeysThatLeadNowhere() throws {
    let transport = ScriptedStore { _ in
      Answer(
        status: 200,
        body:
          "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a</NextContinuationToken></ListBucketResult>"
      )
    }
    let error = #expect(throws: StorageError.self) {
      try store(transport).list(prefix: ObjectKey.prefix, after: "", limit: 9, deadline: .after(seconds: 60))
    }
    #expect(error?.description.contains("continuation-token") == true)
    #expect(transport.calls.count == 2)
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
