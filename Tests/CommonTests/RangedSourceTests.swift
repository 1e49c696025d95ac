import Deadlines
import Failures
import Testing

@testable import Transfer

@Suite struct RangedSourceTests {
  /// Around every boundary there is: block, first window, jump window, the size below which a whole answer is taken at once.
  static let sizes = [0, 1, 5000, 16_383, 16_384, 16_385, 131_071, 131_072, 131_073, 400_000, 1_500_000]

  /// 40 MiB that repeat themselves at no distance a mistake is likely to have.
  private static let material: [UInt8] = {
    var state: UInt32 = 1
    let tile = (0..<100_003).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
    var bytes: [UInt8] = []
    while bytes.count < 40 << 20 { bytes += tile }
    return bytes
  }()

  static func file(_ size: Int) -> [UInt8] { Array(material[..<size]) }

  func open(
    _ origin: ScriptedOrigin, _ change: (inout SourceSettings) -> Void = { _ in }, url: String = "http://origin.example/v.mp4"
  ) throws -> RangedSource {
    var settings = SourceSettings()
    settings.maximumRequests = 2000
    change(&settings)
    return try RangedSource(
      SourceURL(url), client: origin, settings: settings, deadline: .after(seconds: 600), sleep: { _ in }, progress: {})
  }

  /// All bytes from `offset` on, as far as the source gives any.
  func read(_ source: RangedSource, from offset: Int64, to end: Int64 = .max, step: Int = 32 * 1024) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while offset + Int64(bytes.count) < end {
      let more = try source.bytes(at: offset + Int64(bytes.count), count: step)
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }

  @Test("every byte, in their order", arguments: OriginBehaviour.readable, sizes)
  func readsForward(_ behaviour: OriginBehaviour, size: Int) throws {
    let file = Self.file(size)
    let source = try open(ScriptedOrigin(file, behaviour.answer))
    #expect(try read(source, from: 0) == file)
    #expect(try source.bytes(at: Int64(size), count: 1).isEmpty)
    #expect(source.size == nil || source.size == Int64(size))
  }

  @Test("every byte, from the end to the beginning", arguments: OriginBehaviour.readable, sizes)
  func readsBackward(_ behaviour: OriginBehaviour, size: Int) throws {
    let file = Self.file(size)
    let source = try open(ScriptedOrigin(file, behaviour.answer))
    for start in stride(from: size, through: 0, by: -90_001) {
      let end = min(size, start + 90_001)
      #expect(try Array(read(source, from: Int64(start), to: Int64(end)).prefix(end - start)) == Array(file[start..<end]))
    }
    #expect(try read(source, from: 0) == file)
  }

  struct Fault: CustomTestStringConvertible, Sendable {
    let behaviour: OriginBehaviour
    let text: String
    var failureClass = FailureClass.source
    var testDescription: String { behaviour.testDescription }

    init(
      _ name: String, _ text: String, _ failureClass: FailureClass = .source,
      _ answer: @escaping @Sendable (ScriptedOrigin.Call) -> ScriptedOrigin.Answer
    ) {
      behaviour = OriginBehaviour(name, answer)
      self.text = text
      self.failureClass = failureClass
    }
  }

  static let faults: [Fault] = [
    Fault("another tag each time", "changed while") { $0.part(tag: "\"\($0.number)\"") },
    Fault("another size each time", "changed while") { $0.part(total: "\($0.file.count + $0.number)") },
    Fault("a page, and its length", "web page") { $0.video(then: $0.page(length: true)) },
    Fault("a page without a length", "web page") { $0.video(then: $0.page(length: false)) },
    Fault("another file, whole", "changed while") { $0.number == 1 ? $0.part() : $0.whole(tag: "\"two\"") },
    Fault("whole, and shorter than it was", "changed while") { call in
      guard call.number > 1 else { return call.part() }
      var answer = call.whole(length: false)
      answer.body = answer.body.dropLast(1)
      return answer
    },
    Fault("416 with another size", "changed while") {
      $0.number == 1 ? $0.part() : $0.refusal(416, [("Content-Range", "bytes */7")])
    },
    Fault("parts that end early, for ever", "broke off") { call in
      var answer = call.part()
      if call.number > 1 {
        answer.body = []
        answer.failure = .broken
      }
      return answer
    },
    Fault("a whole file that ends early", "broke off") { call in
      var answer = call.whole()
      answer.body = answer.body.prefix(200_000)
      answer.failure = .broken
      return answer
    },
    Fault("an empty part", "empty range") { call in
      var answer = call.part()
      if call.number > 1 { answer.body = [] }
      return answer
    },
    Fault("another range, whatever is asked for", "another range") { $0.part(77..<1000) },
    Fault("a part behind its own end", "another range") {
      .init(status: 206, fields: [("Content-Range", "bytes 500-600/100")], body: $0.file.prefix(101))
    },
    Fault("a page that says no", "access denied") { .init(status: 403, body: $0.file.prefix(200_000)) },
    Fault("no word of which part it is", "without saying which") { .init(status: 206, body: $0.file.prefix(1000)) },
    Fault("no readable word of which part it is", "another range") {
      .init(status: 206, fields: [("Content-Range", "some")], body: $0.file.prefix(1000))
    },
    Fault("compressed parts, for ever", "compresses") {
      .init(status: 206, fields: [("Content-Encoding", "gzip"), ("Content-Range", "bytes 0-9/100")], body: $0.file.prefix(10))
    },
    Fault("416 for everything", "answered 416") { $0.refusal(416) },
    Fault("405 for everything", "answered 405") { $0.refusal(405) },
    Fault("501 once it has served ranges", "answered 501") {
      $0.number == 1 ? $0.part() : $0.asked == nil ? $0.whole() : $0.refusal(501)
    },
    Fault("no answer", "broke off") { _ in .init(status: 0, failure: .broken) },
    Fault("nobody there", "cannot be reached") { _ in .init(status: 0, failure: .unreachable) },
    Fault("too slow", "too slow") { _ in .init(status: 0, failure: .timedOut) },
    Fault("a name that nobody knows", "cannot be reached") { _ in .init(status: 0, failure: .unknownName) },
    Fault("no name server", "cannot be asked", .configuration) { _ in .init(status: 0, failure: .noNameServer) },
    Fault("no descriptor left", "cannot be asked", .configuration) { _ in .init(status: 0, failure: .shortage) },
    Fault("no connection", "cannot be reached") { _ in .init(status: 0, failure: .unconnected) },
    Fault("no certificate authorities", "ca-certificates", .configuration) { _ in .init(status: 0, failure: .noAuthorities) },
    Fault("an address that is not public", "not public", .forbidden) { _ in .init(status: 0, failure: .forbiddenAddress) },
    Fault("a URL libcurl refuses", "cannot be fetched", .forbidden) { _ in .init(status: 0, failure: .unusableURL) },
    Fault("too many redirects", "more than 3", .forbidden) { $0.redirect("/\($0.number)") },
    Fault("a redirect to a file", "only http and https", .forbidden) { $0.redirect("file:///etc/passwd") },
    Fault("a redirect to no server", "only http and https", .forbidden) { $0.redirect("data:video/mp4;base64,AAAA") },
    Fault("a redirect with credentials", "credentials", .forbidden) { $0.redirect("http://a:b@other.example/") },
    Fault("a redirect that leads nowhere", "answered 302 (a redirect that leads nowhere)") { $0.refusal(302) },
    Fault("a blank redirect", "302 (a redirect that leads nowhere)") { $0.redirect("") },
    Fault("access denied", "access denied") { $0.refusal(403) },
    Fault("not found", "not found") { $0.refusal(404) },
    Fault("a place that refuses at once", "answered 403") { $0.path == "/b" ? $0.refusal(403) : $0.redirect("/b") },
    Fault("nothing, in good order", "answered 204") { $0.refusal(204) },
    Fault("for ever busy", "too many requests") { $0.refusal(429) },
    Fault("busy for a day", "too many requests") { $0.refusal(429, [("Retry-After", "86400")]) },
  ]

  @Test("what cannot be read is an error, never the end of the file", arguments: faults)
  func refuses(_ fault: Fault) throws {
    let file = Self.file(1_500_000)
    let error = #expect(throws: SourceError.self) {
      let source = try open(ScriptedOrigin(file, fault.behaviour.answer))
      _ = try read(source, from: 0)
    }
    #expect(error?.description.contains(fault.text) == true, "\(error?.description ?? "")")
    #expect(error?.failureClass == fault.failureClass)
  }

  /// A pseudo-random generator (xorshift64*), so that a row that fails fails again.
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state >> 12
      state ^= state << 25
      state ^= state >> 27
      return state &* 2_685_821_657_736_338_717
    }
  }

  @Test("a server of many minds: right bytes or an error, whatever it does from request to request", arguments: 1...400)
  func manyMinds(seed: Int) throws {
    var random = Seeded(state: UInt64(seed))
    let file = Self.file(Self.sizes.randomElement(using: &random)!)
    let behaviours = (0..<6).map { _ in OriginBehaviour.readable.randomElement(using: &random)! }
    let origin = ScriptedOrigin(file) { call in
      var answer = behaviours.randomElement(using: &random)!.answer(call)
      if Int.random(in: 0..<6, using: &random) == 0, !answer.body.isEmpty {
        answer.body = answer.body.prefix(Int.random(in: 0..<answer.body.count, using: &random))
        answer.failure = [.broken, .timedOut].randomElement(using: &random)
      }
      return answer
    }
    do {
      let source = try open(origin)
      for _ in 0..<4 where !file.isEmpty {
        let start = Int.random(in: 0..<file.count, using: &random)
        let end = min(file.count, start + Int.random(in: 1...200_000, using: &random))
        #expect(try Array(read(source, from: Int64(start), to: Int64(end)).prefix(end - start)) == Array(file[start..<end]))
      }
      #expect(try read(source, from: 0) == file)
    } catch is SourceError {
      // Said, not hidden.
    }
  }
}
