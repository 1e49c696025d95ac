import Testing

@testable import Transfer

@Suite struct NameServersTests {
  @Test("how often they are asked", arguments: [(false, 1), (true, 8)])
  func silenceIsHeardOnce(answers: Bool, expected: Int) {
    var asked = 0
    var servers = NameServers { _ in
      asked += 1
      return answers
    }
    for _ in 0..<8 { #expect(servers.answer() == answers) }
    #expect(asked == expected)
  }

  @Test("those of a closed network answer, once a name of it is known") func closedNetwork() {
    var asked: [String] = []
    var servers = NameServers {
      asked.append($0)
      return $0 == "inside.example"
    }
    servers.knownName = "inside.example"
    let answers = servers.answer()
    #expect(answers)
    #expect(asked == [".", "inside.example"])
  }
}
