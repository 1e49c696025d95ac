import Settings
import Testing

@Suite struct SecretFaultTests {
  private func problem(_ value: String, foreign: Bool) -> String? {
    var reader = SettingsReader(Environment(["THE_KEY": value]))
    let found = foreign ? reader.foreignSecret(["THE_KEY"], meaning: "") : reader.secret("THE_KEY", meaning: "")
    #expect(found?.exposed == value)
    do {
      try reader.finish()
      return nil
    } catch {
      return error.problems.first
    }
  }

  @Test(
    "what editors and people leave around a secret",
    arguments: [
      ("\u{feff}0123456789abcdef0123", "byte order mark"), ("\"0123456789abcdef0123\"", "in quotes"),
      ("'0123456789abcdef0123'", "in quotes"),
      ("“0123456789abcdef0123”", "in quotes"), ("THE_KEY=0123456789abcdef0123", "begins with THE_KEY="),
      ("export THE_KEY=0123456789abcdef0123", "begins with THE_KEY="), ("0123456789abcdef0123\n", "line end"),
      ("0123456789abcdef\r\n0123456789abcdef", "line end"), ("0123456789abcdef0123 ", "blanks around"),
      ("\t0123456789abcdef0123", "blanks around"), ("0123456789abcdef0123\u{fffd}", "not UTF-8"),
    ], [false, true])
  func refused(_ given: (String, String), foreign: Bool) {
    let problem = problem(given.0, foreign: foreign)
    #expect(problem?.contains(given.1) == true, "\(problem ?? "")")
    #expect(problem?.hasPrefix("THE_KEY ") == true)
    // It is not repeated: it is a secret all the same.
    #expect(problem?.contains("0123456789abcdef0123") == false)
  }

  @Test("what no bearer token may hold", arguments: ["0123456789 abcdef0123", "0123456789\tabcdef", "0123456789\u{7f}abcdef"])
  func refusedOfABearer(value: String) {
    #expect(problem(value, foreign: false)?.contains("blank or control character") == true)
    #expect(problem(value, foreign: true) == nil)
  }

  @Test("what is left alone", arguments: ["0123456789abcdef=\"x", "a\"0123456789abcdef\"", "THE_KEYS=0123456789abcdef"])
  func accepted(value: String) { #expect(problem(value, foreign: false) == nil) }
}
