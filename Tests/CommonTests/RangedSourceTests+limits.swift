import Deadlines
import Failures
import Testing

@testable import Transfer

/// What reading may cost: bytes, requests, time; and what of it is kept at hand.
extension RangedSourceTests {
  @Test func nothingIsFetchedTwiceOfWhatBreaksOff() throws {
    let origin = ScriptedOrigin(Self.file(131_072)) { call in
      var answer = call.part()
      if call.number == 1 {
        answer.body = answer.body.prefix(70_001)
        answer.failure = .broken
      }
      return answer
    }
    let source = try open(origin)
    #expect(try read(source, from: 0) == origin.file)
    #expect(origin.calls[1].asked == 70_001...131_071)
    #expect(origin.bytesSent == 131_072)
  }

  @Test func anIndexLargerThanTheCacheIsReadThrough() throws {
    let file = Self.file(40 << 20)
    let origin = ScriptedOrigin(file) { $0.part() }
    let source = try open(origin)
    // Some blocks from elsewhere first, so that room is needed in the middle of a fetch.
    _ = try read(source, from: 20 << 20, to: 30 << 20)
    source.expect(0..<Int64(file.count))
    #expect(try read(source, from: 0) == file)
  }

  @Test func aMissedCacheCostsNoWholeFile() throws {
    let origin = ScriptedOrigin(Self.file(9_000_000)) { $0.number == 2 ? $0.whole() : $0.part() }
    let source = try open(origin)
    _ = try source.bytes(at: 8_000_000, count: 1000)
    #expect(origin.calls.count == 3)
    #expect(origin.bytesSent < 1_000_000)
  }

  @Test func whatIsAtHandIsKnown() throws {
    let file = Self.file(1_500_000)
    let parts = try RangedSource(
      SourceURL("http://origin.example/"), client: ScriptedOrigin(file) { $0.part() }, settings: SourceSettings(),
      deadline: .after(seconds: 60), progress: {})
    #expect(parts.atHand(at: 0, count: 9).elementsEqual(file.prefix(9)))
    #expect(parts.atHand(at: 1_000_000, count: 9).isEmpty)
    _ = try parts.bytes(at: 1_000_000, count: 10)
    #expect(parts.atHand(at: 1_000_000, count: 9).elementsEqual(file[1_000_000..<1_000_009]))
    #expect(parts.atHand(at: Int64(file.count), count: 9).isEmpty)
    #expect(parts.requests == 2)
    #expect(parts.bytesFetched < file.count)
    #expect(parts.milliseconds > 0)
    let whole = try open(ScriptedOrigin(file) { $0.whole(length: false) }, { $0.maximumBytes = 1_000_000 })
    #expect(whole.atHand(at: 999_999, count: 9).count == 1)
    #expect(whole.atHand(at: 1_000_000, count: 9).isEmpty)
  }

  @Test func aWholeAnswerBeyondTheBudgetServesWhatItHolds() throws {
    let file = Self.file(400_000)
    let source = try open(ScriptedOrigin(file) { $0.whole() }, { $0.maximumBytes = 200_000 })
    #expect(try read(source, from: 0, to: 200_000) == Array(file[..<200_000]))
    let error = #expect(throws: SourceError.self) { try source.bytes(at: 200_000, count: 1) }
    #expect(error?.description.contains("SOURCE_MAX_BYTES") == true)
  }

  @Test func aWholeAnswerThatBreaksOffServesWhatHasCome() throws {
    let file = Self.file(400_000)
    let origin = ScriptedOrigin(file) {
      var answer = $0.whole()
      (answer.body, answer.failure) = (answer.body.prefix(200_000), .broken)
      return answer
    }
    #expect(try read(open(origin), from: 0, to: 131_072) == Array(file[..<131_072]))
  }

  @Test func aWholeAnswerBeyondTheTimeServesWhatHasCome() throws {
    let file = Self.file(400_000)
    let origin = ScriptedOrigin(file) {
      Sleep.seconds(0.2)
      var answer = $0.whole()
      answer.body = answer.body.prefix(200_000)
      answer.failure = .timedOut
      return answer
    }
    let source = try open(origin, { $0.seconds = 0.2 })
    #expect(try read(source, from: 0, to: 200_000) == Array(file[..<200_000]))
    let error = #expect(throws: SourceError.self) { try source.bytes(at: 200_000, count: 1) }
    #expect(error?.description.contains("SOURCE_SECONDS") == true)
    #expect(error?.httpStatus == 504)
    #expect(origin.calls.count == 1)
    #expect(source.size == 400_000)
    #expect(source.endWithWhatHasCome())
    #expect(source.size == 200_000)
    #expect(try source.bytes(at: 200_000, count: 1).isEmpty)
    #expect(!source.endWithWhatHasCome())
  }

  @Test("what an origin calls a part, without saying which, is read, and ends the file only once that is allowed")
  func aPartWithoutAPlace() throws {
    let file = Self.file(400_000)
    let source = try open(ScriptedOrigin(file) { .init(status: 206, body: $0.file[...]) })
    #expect(try read(source, from: 0, to: 400_000) == file)
    #expect(source.size == nil)
    #expect(throws: SourceError.self) { try source.bytes(at: 400_000, count: 1) }
    #expect(source.endWithWhatHasCome())
    #expect(try read(source, from: 0) == file)
  }

  @Test func aDecodedAnswerBeyondTheBudgetIsNoWholeFile() throws {
    let file = Self.file(400_000)
    let origin = ScriptedOrigin(file) {
      .init(status: 200, fields: [("Content-Encoding", "gzip"), ("Content-Length", "9")], body: $0.file[...])
    }
    let source = try open(origin, { $0.maximumBytes = 200_000 })
    #expect(source.size == nil)
    #expect(throws: SourceError.self) { try read(source, from: 0) }
  }

  @Test func theBudgetOfPartsIsKept() throws {
    let origin = ScriptedOrigin(Self.file(400_000)) { $0.part() }
    let error = #expect(throws: SourceError.self) { try read(open(origin, { $0.maximumBytes = 200_000 }), from: 0) }
    #expect(error?.description.contains("SOURCE_MAX_BYTES") == true)
    #expect(error?.failureClass == .media)
    #expect(origin.bytesSent == 200_000)
  }

  @Test func whatLiesBehindACutFileIsSaid() throws {
    let file = Self.file(1_500_000)
    // Knows ranges at first, and never again.
    let source = try open(ScriptedOrigin(file) { $0.number == 1 ? $0.part() : $0.whole() }, { $0.maximumBytes = 300_000 })
    let error = #expect(throws: SourceError.self) { try source.bytes(at: 1_000_000, count: 100) }
    #expect(error?.description.contains("SOURCE_MAX_BYTES") == true)
  }

  @Test func theLimitOfRequestsIsKept() throws {
    let origin = ScriptedOrigin(Self.file(4_000_000)) {
      $0.part($0.range.map { $0.lowerBound..<min($0.upperBound, $0.lowerBound + 100) })
    }
    let error = #expect(throws: SourceError.self) { try open(origin, { $0.maximumRequests = 9 }) }
    #expect(error?.description.contains("more than 9 requests") == true)
    #expect(error?.failureClass == .source)
    #expect(origin.calls.count == 9)
  }

  @Test("a file that needs too many requests is at fault, unless the origin has failed", arguments: [false, true])
  func whoNeedsTooManyRequests(failsOnce: Bool) throws {
    let origin = ScriptedOrigin(Self.file(4_000_000)) { failsOnce && $0.number == 3 ? $0.refusal(503) : $0.part() }
    let source = try open(origin, { $0.maximumRequests = 9 })
    let error = #expect(throws: SourceError.self) {
      for place in stride(from: Int64(3_900_000), to: 0, by: -200_000) { _ = try source.bytes(at: place, count: 100) }
    }
    #expect(error?.description.contains("more than 9 requests") == true)
    #expect(error?.failureClass == (failsOnce ? .source : .media))
  }

  @Test func allReadingTogetherHasItsTime() throws {
    let origin = ScriptedOrigin(Self.file(400_000)) { $0.number == 2 ? $0.refusal(503, [("Retry-After", "9")]) : $0.part() }
    let source = try open(origin, { $0.seconds = 5 })
    let error = #expect(throws: SourceError.self) { try read(source, from: 0) }
    // A pause of nine seconds is more than is left of five.
    #expect(error?.description.contains("503") == true)
    // Pauses count: after one of two seconds, another one is too much.
    let busy = ScriptedOrigin([1]) { $0.refusal(503, [("Retry-After", "2")]) }
    #expect(throws: SourceError.self) { try open(busy, { $0.seconds = 5 }) }
    #expect(busy.calls.count == 2)
    var spent = SourceSettings()
    spent.seconds = 0
    let late = #expect(throws: SourceError.self) {
      try RangedSource(
        SourceURL("http://origin.example/"), client: origin, settings: spent, deadline: .after(seconds: 60), progress: {})
    }
    #expect(late?.description.contains("SOURCE_SECONDS") == true)
    #expect(late?.httpStatus == 504)
    #expect(late?.failureClass == .source)
  }

  @Test func anExchangeThatOutlastsAllReadingSaysSo() throws {
    let origin = ScriptedOrigin([1]) { _ in
      Sleep.seconds(0.2)
      return .init(status: 0, failure: .timedOut)
    }
    let error = #expect(throws: SourceError.self) { try open(origin, { $0.seconds = 0.2 }) }
    #expect(error?.description.contains("SOURCE_SECONDS") == true)
    #expect(error?.httpStatus == 504)
  }

  @Test("what progress throws ends the read: before a request, when bytes come, before a pause", arguments: [1, 2, 3])
  func whatProgressThrowsEndsTheRead(call: Int) throws {
    struct Stop: Error {}
    let origin = ScriptedOrigin([1]) { $0.refusal(503) }
    var count = 0
    #expect(throws: Stop.self) {
      try RangedSource(
        SourceURL("http://origin.example/"), client: origin, settings: SourceSettings(), deadline: .after(seconds: 60),
        sleep: { _ in Issue.record("it goes on") },
        progress: {
          count += 1
          if count == call { throw Stop() }
        })
    }
    #expect(origin.calls.count == min(call - 1, 1))
  }
}
