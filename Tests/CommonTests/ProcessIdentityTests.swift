import Settings
import Testing

@Suite struct ProcessIdentityTests {
  private func name(_ host: String, isLasting: Bool) -> String {
    var reader = SettingsReader(Environment(["WORKER_HOST": host]))
    return ProcessIdentity("auto-generate-thumbnail", isLasting: isLasting, &reader).name
  }

  @Test func aProcessIsNamedByProgramNumberAndHost() {
    #expect(name("host-a", isLasting: true).wholeMatch(of: /auto-generate-thumbnail:\d+@host-a/) != nil)
  }

  @Test func whatACGIServerStartsSharesAName() {
    #expect(name("host-a", isLasting: false) == "auto-generate-thumbnail:cgi@host-a")
  }

  @Test func theNameIsOneThatPostgreSQLKeepsAsItIs() {
    let long = name(String(repeating: "h", count: 200) + "é\n", isLasting: false)
    #expect(long.utf8.count == 63)
    #expect(name("wörker\n1", isLasting: false) == "auto-generate-thumbnail:cgi@w??rker?1")
  }

  @Test func withoutASettingItIsTheMachine() {
    var reader = SettingsReader(Environment([:]))
    #expect(!ProcessIdentity("x", isLasting: false, &reader).host.isEmpty)
  }
}
