import Deadlines
import Testing

@testable import Transfer
@testable import Uploads

/// Several requests at once, of which the last comes back first.
private final class ScriptedExchanges: ParallelTransport {
  private let store: ScriptedStore
  private var underWay: [(tag: Int, result: Result<HTTPResponse, any Error>)] = []
  private(set) var most = 0

  init(_ store: ScriptedStore) { self.store = store }

  var count: Int { underWay.count }

  func start(_ requests: [(request: HTTPRequest, tag: Int)]) {
    underWay += requests.map { request, tag in (tag, Result { try store.perform(request) }) }
    most = max(most, count)
  }

  func wait(seconds: Double, orReadable descriptor: Int?) -> [(tag: Int, result: Result<HTTPResponse, any Error>)] {
    underWay.popLast().map { [$0] } ?? []
  }
}

extension S3StoreTests {
  private func store(_ exchanges: @escaping () -> ScriptedExchanges, client: ScriptedStore = ScriptedStore()) -> S3Store {
    S3Store(Self.settings(), client: client, exchanges: exchanges)
  }

  private static func keys(_ count: Int) -> [String] { (0..<count).map { "thumbnails/0/0-\($0).jpg" } }

  /// What became of each in one word.
  private static func words<Value>(_ results: [Result<Value, any Error>?]) -> [String] {
    results.map { result in
      switch result {
      case .success?: "done"
      case .failure(let error)?: "\(error)"
      case nil: "left"
      }
    }
  }

  @Test func severalAreDeletedAtOnce() {
    let transport = ScriptedStore { call in
      let key = call.request.url.split(separator: "-").last
      if key == "1.jpg" { return Answer(status: 403, body: "<Error><Code>AccessDenied</Code></Error>") }
      return key == "2.jpg" ? Answer(status: 0, failure: .timedOut) : nil
    }
    let exchanges = ScriptedExchanges(transport)
    let words = Self.words(store { exchanges }.delete(Self.keys(40) + ["../x"], deadline: .after(seconds: 60)) { true })
    #expect(words[0] == "done" && words[3...39].allSatisfy { $0 == "done" })
    #expect(words[1].contains("AccessDenied") && words[2].contains("cannot be reached") && words[40].contains("safe path"))
    #expect(exchanges.most == 16)
    #expect(transport.methods == Array(repeating: "DELETE", count: 40))
  }

  @Test func severalAreListedAtOnce() throws {
    let transport = ScriptedStore { call in
      let name = call.request.url.contains("0-1-") ? "thumbnails/0/0-1-480.jpg" : nil
      return Answer(
        status: 200,
        body: "<ListBucketResult><IsTruncated>false</IsTruncated>"
          + (name.map { "<Contents><Key>\($0)</Key><LastModified>2026-01-02T03:04:05Z</LastModified></Contents>" } ?? "")
          + "</ListBucketResult>")
    }
    let listings = store { ScriptedExchanges(transport) }.list(
      prefixes: ["thumbnails/0/0-1-", "thumbnails/0/0-2-"], limit: 9, deadline: .after(seconds: 60)
    ) { true }
    #expect(try listings.map { try $0?.get().entries.map(\.key) } == [["thumbnails/0/0-1-480.jpg"], []])
  }

  @Test("what has not ended when something else is to be done is given up, and the next begins anew") func givesUp() {
    let transport = ScriptedStore()
    var made = 0
    let store = store {
      made += 1
      return ScriptedExchanges(transport)
    }
    var asked = 0
    let words = Self.words(
      store.delete(Self.keys(20), deadline: .after(seconds: 60)) {
        asked += 1
        return asked <= 2
      })
    #expect(words.filter { $0 == "done" }.count == 2)
    #expect(words.filter { $0 == "left" }.count == 18)
    #expect(Self.words(store.delete(Self.keys(2), deadline: .after(seconds: 60)) { true }) == ["done", "done"])
    #expect(made == 2)
  }

  @Test func nothingIsBegunTooLate() {
    let transport = ScriptedStore()
    let store = store { ScriptedExchanges(transport) }
    #expect(Self.words(store.delete(Self.keys(2), deadline: .after(seconds: -1)) { true }) == ["left", "left"])
    #expect(transport.calls.isEmpty)
  }
}
