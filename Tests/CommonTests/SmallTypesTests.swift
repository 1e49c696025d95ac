import Deadlines
import Logging
import Testing

@testable import Database
@testable import DatabaseClient
@testable import Digests
@testable import Transfer
@testable import Uploads

@Suite struct SmallTypesTests {
  @Test func interpolatedValuesBecomeParameters() {
    let evil = "'; DROP TABLE videos; --"
    let query: Query = "SELECT \(evil)::text, \(3)::integer, \(nil as String?)"
    #expect(query.sql == "SELECT $1::text, $2::integer, $3")
    #expect(query.parameters == [evil, "3", nil])
  }

  @Test func whatFollowsANULIsNotLost() {
    let query: Query = "SELECT \("a\0b\0")::text, \(["c\0d"])::text[]"
    #expect(query.parameters == ["ab", #"{"cd"}"#])
  }

  @Test("whether others answer is asked of the three that answered last") func knownOrigins() throws {
    let origin = ScriptedOrigin([]) { _ in .init(status: 0, failure: .timedOut) }
    let known = KnownOrigins()
    for number in 1...5 { known.noteAnswer(from: try SourceURL("http://\(number).example/")) }
    known.noteSilence(of: try SourceURL("http://5.example/"))
    #expect(known.answers(origin, userAgent: "", deadline: .after(seconds: 60)) == false)
    #expect(origin.calls.map(\.request.url) == ["http://4.example:80/", "http://3.example:80/"])
  }

  @Test func arraysAreQuoted() {
    let query: Query = "SELECT \(["a,b", "say \"no\"", "back\\slash", nil, ""])::text[], \([String?]())::text[]"
    #expect(query.parameters == [#"{"a,b","say \"no\"","back\\slash",NULL,""}"#, "{}"])
  }

  @Test func contentRanges() {
    #expect(ContentRange("bytes 0-99/1234")?.bounds == 0...99)
    #expect(ContentRange("bytes 0-99/1234")?.size == 1234)
    #expect(ContentRange("bytes 0-99/*")?.size == nil)
    #expect(ContentRange("bytes */0")?.size == 0)
    for wrong in [
      nil, "", "bytes", "bytes 9-1/2", "items 0-1/2", "bytes -1-2/3",
      // What would overflow further on.
      "bytes 0-9223372036854775807/*", "bytes 0-99/9223372036854775807", "bytes 9223372036854775800-9223372036854775807/*",
      "bytes */9223372036854775807", "bytes 0-99999999999999999999/*",
    ] { #expect(ContentRange(wrong) == nil) }
  }

  @Test func digestsMatchPublishedVectors() {
    #expect(SHA256.hex("abc".utf8) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(MD5.hex("abc".utf8) == "900150983cd24fb0d6963f7d28e17f72")
  }

  /// As MD5 is forbidden on a host in FIPS mode.
  @Test func aForbiddenAlgorithmGivesNoDigest() {
    #expect(Hashing.digest([1], length: 16) { nil } == nil)
  }

  @Test("fault 13: other bytes or another claim give another key") func keysCarryHashAndToken() {
    let id = "85BEA63A-5689-493A-952E-BB97713E38A1"
    let first = ObjectKey.stem(videoID: id, bytes: [1], token: 7)
    #expect(first.hasPrefix("thumbnails/85bea63a-5689-493a-952e-bb97713e38a1/"))
    #expect(first.hasSuffix("-7"))
    #expect(first != ObjectKey.stem(videoID: id, bytes: [2], token: 7))
    #expect(first != ObjectKey.stem(videoID: id, bytes: [1], token: 8))
  }

  @Test(arguments: [
    ("thumbnails/85bea63a-5689-493a-952e-bb97713e38a1/0f-7.jpg", "thumbnails/85bea63a-5689-493a-952e-bb97713e38a1/0f-7"),
    ("thumbnails/85bea63a-5689-493a-952e-bb97713e38a1/0f-7-480.jpg", nil),
    ("thumbnails/85bea63a-5689-493a-952e-bb97713e38a1/.0f-7.jpg.12.part", nil), ("thumbnails/x/0f.jpg", nil), ("", nil),
  ])
  func onlyAMainObjectHasOthersBesideIt(key: String, stem: String?) {
    #expect(ObjectKey.stem(ofMain: key).map(String.init) == stem)
  }

  @Test("a letter may have any number of marks") func foreignWordsAreCutByWhatTheyTake() throws {
    guard case .text(let text) = LogValue.foreign("e" + String(repeating: "\u{301}", count: 9_999)) else {
      Issue.record("no text")
      return
    }
    #expect(text.unicodeScalars.count == 500)
  }

  @Test(
    "a job of a kind nobody here knows is not taken for a thumbnail",
    arguments: [
      (nil, nil), ("thumbnail", .thumbnail), ("storyboard", .storyboard), ("trailer", nil),
    ] as [(String?, Claim.Kind?)])
  func kindsOfJobs(kind: String?, expected: Claim.Kind?) {
    var values = ["outcome": "claimed", "video_id": "85bea63a-5689-493a-952e-bb97713e38a1", "token": "7", "attempt": "1"]
    values["kind"] = kind
    let next = try? ThumbnailQueries.next([Row(values: values)], until: .after(seconds: 30))
    if case .claimed(let claim)? = next { #expect(claim.kind == expected) } else { #expect(expected == nil) }
  }

  @Test(arguments: ["../x", "a/../b", "/a", "a//b", "a b", "a?b", ""])
  func unsafeKeys(key: String) { #expect(!ObjectKey.isSafe(key)) }
}

@Suite struct SQLStateTests {
  @Test(arguments: [
    ("server at \"db\", port 5432 failed: FATAL:  57P03: the database system is starting up\nLOCATION:  x", "57P03"),
    ("… failed: FATAL:  57P03: starting up\n… failed: FATAL:  53300: sorry, too many clients already\n", "53300"),
    ("FATAL:  28P01: password authentication failed for user \"handlers\"\n", "28P01"),
    ("connection to server at \"db\", port 5432 failed: Connection refused", nil),
    ("FATAL:  no code, as an old pooler says it", nil),
    ("FATAL:  short", nil), ("致命错误:  53300: 对不起, 已经有太多的客户\n", "53300"),
  ])
  func codesOfRefusedConnections(message: String, code: String?) {
    #expect(SQLState(connectionFailure: message)?.rawValue == code)
  }
}
