import Deadlines
import Testing

@testable import Transfer

@Suite struct NameServersTests {
  @Test("how often they are asked", arguments: [false, true])
  func exchangesThatFailTogetherAskOnce(answers: Bool) {
    var asked = 0
    var servers = NameServers { _, _ in
      asked += 1
      return answers
    }
    for _ in 0..<8 { #expect(servers.answer(until: .after(seconds: 9)) == answers) }
    #expect(asked == 1)
  }

  @Test("those of a closed network answer, once a name of it is known") func closedNetwork() {
    var asked: [String] = []
    var servers = NameServers { name, _ in
      asked.append(name)
      return name == "inside.example"
    }
    servers.know(hostOf: "https://inside.example/bucket")
    // Of these no name server knows anything.
    for address in ["192.0.2.1", "[2001:db8::1]"] { servers.know(hostOf: "http://\(address):9000/bucket") }
    let answers = servers.answer(until: .after(seconds: 9))
    #expect(answers)
    #expect(asked == [".", "inside.example"])
  }

  @Test("how long they may take", arguments: [(-3, [1]), (0, [1]), (3600, [60, 60])])
  func deadline(seconds: Double, given: [Int32]) {
    var asked: [Int32] = []
    var servers = NameServers {
      asked.append($1)
      return false
    }
    servers.know(hostOf: "https://inside.example/bucket")
    let answers = servers.answer(until: .after(seconds: seconds))
    #expect(!answers)
    #expect(asked == given)
  }
}
