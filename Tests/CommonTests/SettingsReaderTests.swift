import Settings
import Testing

@Suite struct SettingsReaderTests {
  private enum Colour: String, CaseIterable { case red, green }

  /// What is read of THE_SETTING with this value, as text, and what is said of it.
  private func read<Value>(_ value: String?, _ body: (inout SettingsReader) -> Value) -> (value: String, problem: String?) {
    var reader = SettingsReader(Environment(value.map { ["THE_SETTING": $0] } ?? [:]))
    let found = "\(body(&reader))"
    do {
      try reader.finish()
      return (found, nil)
    } catch {
      #expect(error.problems.count == 1)
      #expect(error.problems[0].hasPrefix("THE_SETTING "))
      return (found, error.problems[0])
    }
  }

  @Test(
    "whole numbers",
    arguments: [
      (nil, "5", true), ("1", "1", true), ("9", "9", true), ("0", "5", false), ("10", "5", false), ("7.0", "5", false),
      ("99999999999999999999", "5", false), ("seven", "5", false),
    ] as [(String?, String, Bool)])
  func integers(value: String?, result: String, isAccepted: Bool) {
    let found = read(value) { $0.integer("THE_SETTING", fallback: 5, in: 1...9, meaning: "") }
    #expect(found.value == result)
    #expect((found.problem == nil) == isAccepted)
    if let problem = found.problem { #expect(problem.contains("from 1 to 9, for example 5")) }
  }

  @Test(
    "seconds",
    arguments: [
      (nil, "2.0", true), ("0.5", "0.5", true), ("9", "9.0", true), ("0.4", "2.0", false), ("9.1", "2.0", false),
      ("nan", "2.0", false), ("inf", "2.0", false), ("2s", "2.0", false),
    ] as [(String?, String, Bool)])
  func seconds(value: String?, result: String, isAccepted: Bool) {
    let found = read(value) { $0.seconds("THE_SETTING", fallback: 2, in: 0.5...9, meaning: "") }
    #expect(found.value == result)
    #expect((found.problem == nil) == isAccepted)
  }

  @Test(
    "one word, several words",
    arguments: [
      (nil, "[red]", true), ("green", "[green]", true), ("green, red", "[green, red]", true), ("red red", "[red]", false),
      ("blue", "[red]", false), (",", "[red]", false), ("Red", "[red]", false),
    ] as [(String?, String, Bool)])
  func words(value: String?, result: String, isAccepted: Bool) {
    let several = read(value) {
      $0.choices("THE_SETTING", fallback: [Colour.red], meaning: "").map(\.rawValue).joined(separator: ", ")
    }
    #expect("[\(several.value)]" == result)
    #expect((several.problem == nil) == isAccepted)
    let one = read(value) { $0.choice("THE_SETTING", fallback: Colour.red, meaning: "").rawValue }
    #expect((one.problem == nil) == (value == nil || value == "green"))
    #expect(one.value == (value == "green" ? "green" : "red"))
  }

  @Test(
    "several numbers",
    arguments: [
      (nil, "[5]", true), ("7, 3", "[7, 3]", true), ("3 3", "[5]", false), ("1,2,3", "[5]", false), ("0", "[5]", false),
      ("x", "[5]", false), (" ", "[5]", false),
    ] as [(String?, String, Bool)])
  func lists(value: String?, result: String, isAccepted: Bool) {
    let found = read(value) { $0.integers("THE_SETTING", fallback: [5], in: 1...9, atMost: 2, meaning: "") }
    #expect(found.value == result)
    #expect((found.problem == nil) == isAccepted)
  }

  @Test(
    "base URLs",
    arguments: [
      ("https://videos.example.com", "https://videos.example.com"), ("http://127.0.0.1:9180//", "http://127.0.0.1:9180"),
      ("http://[::1]:9180", "http://[::1]:9180"), ("https://example.com/media", "https://example.com/media"),
    ])
  func baseURLs(value: String, result: String) {
    let found = read(value) { $0.baseURL("THE_SETTING", meaning: "") ?? "" }
    #expect(found.value == result && found.problem == nil)
  }

  @Test(
    "what cannot be a base URL, and why",
    arguments: [
      ("videos.example.com", "begin with http"), ("ftp://videos.example.com", "begin with http"),
      ("https://", "begin with http"),
      ("http:///x", "begin with http"), ("HTTPS://videos.example.com", "begin with http"), ("\"https://a\"", "begin with http"),
      ("\u{feff}https://a", "begin with http"), ("https://a b", "holds blanks"), ("https://a\n", "a line end"),
      ("https://a\u{1}", "control characters"), ("https://a?x=1", "a query"), ("https://a#b", "a fragment"),
      ("https://a?key=placeholder-password", "a query"), ("ftp://a?key=placeholder-password", "a query"),
      ("https://user:placeholder-password@a", "a user or a password"), ("user:placeholder-password@a", "a user or a password"),
      ("https://a/functions/v1/", "with /functions/v1"),
      ("https://a/functions/v1/auto-generate-thumbnail", "with /functions/v1"),
    ])
  func wrongBaseURLs(value: String, reason: String) {
    let found = read(value) { $0.baseURL("THE_SETTING", required: "THE_SETTING", meaning: "") ?? "" }
    #expect(found.value == "")
    #expect(found.problem?.contains(reason) == true, "\(found.problem ?? "")")
    #expect(found.problem?.contains("placeholder-password") == false)
  }

  @Test("a base URL that is missing is said to be, where it is required") func missingBaseURL() {
    #expect(read(nil) { $0.baseURL("THE_SETTING", meaning: "") ?? "" }.problem == nil)
    let problem = read(nil) { $0.baseURL("OTHER", required: "THE_SETTING", meaning: "where") ?? "" }.problem
    #expect(problem == "THE_SETTING is missing: where, for example https://videos.example.com")
  }

  @Test(
    "a variable whose name is nearly that of a setting",
    arguments: [
      ("SOURCE_PRIVATE_HOST", "SOURCE_PRIVATE_HOSTS"), ("SOURCE_PRIAVTE_HOSTS", "SOURCE_PRIVATE_HOSTS"),
      ("source_private_hosts", "SOURCE_PRIVATE_HOSTS"), ("OTHER_KYE_FILE", "OTHER_KEY_FILE"), ("SOURCE_PRIVATE_HOSTS", nil),
      ("OTHER_KEY_FILE", nil), ("SOURCE_ALLOWED_HOSTS", nil), ("PATH", nil),
    ] as [(String, String?)])
  func misspelt(name: String, meant: String?) {
    var reader = SettingsReader(Environment([name: "x", "SOURCE_PRIVATE_HOTS": ""]))
    _ = reader.list("SOURCE_PRIVATE_HOSTS", meaning: "")
    _ = reader.foreignSecret(["THE_KEY", "OTHER_KEY"], meaning: "")
    #expect(reader.misspelt.map(\.name) == (meant == nil ? [] : [name]))
    #expect(reader.misspelt.first?.meant == meant)
  }

  @Test("a problem is told under the name that was used") func otherNames() {
    var reader = SettingsReader(Environment(["SECOND": "short"]))
    _ = reader.secret("FIRST", "SECOND", meaning: "")
    let error = #expect(throws: SettingsError.self) { try reader.finish() }
    #expect(error?.problems.first?.hasPrefix("SECOND is shorter") == true)
  }

  @Test("every problem is told at once, and every setting once") func all() {
    var reader = SettingsReader(Environment(["FIRST": "x", "SECOND": "y"]))
    for name in ["FIRST", "SECOND", "FIRST"] { _ = reader.integer(name, fallback: 1, in: 1...2, meaning: "a number") }
    #expect(reader.settings.map(\.name) == ["FIRST", "SECOND"])
    #expect(reader.settings[0].range == "1 to 2" && reader.settings[0].fallback == "1")
    let error = #expect(throws: SettingsError.self) { try reader.finish() }
    #expect((error?.problems.count ?? 0) >= 2)
  }

  @Test("a secret that is there and cannot be read is no secret that is missing") func unreadableSecrets() {
    // What nobody can read as a file, root included: a folder.
    for environment in [["THE_KEY_FILE": "/proc/self"], ["CREDENTIALS_DIRECTORY": "/proc"]] {
      var reader = SettingsReader(Environment(environment))
      #expect(reader.secret("THE_KEY", "self", meaning: "") == nil)
      let problems = #expect(throws: SettingsError.self) { try reader.finish() }?.problems
      #expect(problems?.count == 1 && problems?[0].contains("cannot be read") == true)
    }
    for folder in ["/none", "/dev/null", "/proc"] {
      var reader = SettingsReader(Environment(["CREDENTIALS_DIRECTORY": folder]))
      #expect(reader.secret("THE_KEY", meaning: "") == nil)
      #expect(throws: Never.self) { try reader.finish() }
    }
  }
}
