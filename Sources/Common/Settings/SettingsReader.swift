/// Reads typed values from an environment and collects all problems, so that a person can fix them at once.
///
/// Each module's settings take the reader `inout`; the executable calls ``finish()`` when all have been read. Each variable is recorded
/// with its default, its range and its meaning, from which docs/settings.md is made.
package struct SettingsReader {
  /// The source of the values. Modules use it only to see whether other programs' variables are set, such as libpq's `PG*`.
  package let environment: Environment
  /// What has been read so far.
  package private(set) var settings: [Setting] = []
  private var problems: [String] = []
  /// The secrets read so far, by name: several modules may read one, and a pipe can be read only once.
  private var secretTexts: [String: String] = [:]
  private var subject = ""

  package init(_ environment: Environment) {
    self.environment = environment
  }

  /// Records a problem that a module found. If two modules read the same setting, both find the same problem, which is recorded once.
  package mutating func report(_ problem: String) {
    if !problems.contains(problem) { problems.append(problem) }
  }

  /// - Throws: all problems found so far.
  package func finish() throws(SettingsError) {
    if !problems.isEmpty { throw SettingsError(problems: problems) }
  }

  /// Starts another heading for the settings that are read next.
  package mutating func begin(_ subject: String) {
    self.subject = subject
  }

  /// A text: the first of `names` that is set, or else `fallback`.
  ///
  /// - Parameter shown: the default in words, if it is not the same everywhere.
  package mutating func text(_ names: String..., fallback: String = "", shown: String? = nil, meaning: String) -> String {
    note(names, shown ?? fallback, meaning)
    return names.lazy.compactMap { [environment] in environment[$0] }.first ?? fallback
  }

  /// A text for the value of a header field: printable ASCII.
  package mutating func headerValue(_ name: String, fallback: String, example: String, meaning: String) -> String {
    let value = text(name, fallback: fallback, meaning: meaning)
    guard value.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
      report("\(name) holds more than printable ASCII, which a header field may not, for example \(example)")
      return fallback
    }
    return value
  }

  /// A secret from the variable, `NAME_FILE` or the credentials directory; nil if none is set.
  ///
  /// Fewer than 16 bytes, control characters, and the placeholders of the documentation are refused.
  package mutating func secret(_ names: String..., meaning: String) -> Secret? {
    note(names, "", meaning, isSecret: true)
    guard let (name, value) = secretText(names) else { return nil }
    if let fault = SecretFault(ofBearer: value) { report("\(name) \(fault.sentence)") }
    return Secret(value)
  }

  /// A secret in a form that others define (an access key, a connection string), which is not checked.
  package mutating func foreignSecret(_ names: [String], meaning: String) -> Secret? {
    note(names, "", meaning, isSecret: true)
    return secretText(names).map { Secret($0.text) }
  }

  /// A whole number within `range`.
  package mutating func integer(_ name: String, fallback: Int, in range: ClosedRange<Int>, meaning: String) -> Int {
    let limits = "\(range.lowerBound) to \(range.upperBound)"
    return value(
      name, fallback: fallback, shown: "\(fallback)", range: limits, meaning,
      expected: "a whole number from \(limits), for example \(fallback)"
    ) { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }
  }

  /// A number of seconds within `range`; fractions are allowed.
  package mutating func seconds(_ name: String, fallback: Double, in range: ClosedRange<Double>, meaning: String) -> Double {
    let limits = "\(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))"
    return value(
      name, fallback: fallback, shown: Self.short(fallback), range: limits, meaning,
      expected: "seconds from \(limits), for example \(Self.short(fallback))"
    ) { text in Double(text).flatMap { range.contains($0) ? $0 : nil } }
  }

  /// One of the words of an enumeration.
  package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, fallback: Choice, meaning: String
  ) -> Choice {
    value(
      name, fallback: fallback, shown: fallback.rawValue, range: Choice.words { "`\($0)`" }, meaning,
      expected: "one of: \(Choice.words { $0 })", Choice.init(rawValue:))
  }

  /// Different words of an enumeration, separated by commas or blanks; at least one.
  package mutating func choices<Choice: RawRepresentable<String> & CaseIterable & Hashable>(
    _ name: String, fallback: [Choice], meaning: String
  ) -> [Choice] {
    value(
      name, fallback: fallback, shown: fallback.map(\.rawValue).joined(separator: ","),
      range: "several of \(Choice.words { "`\($0)`" })", meaning, expected: "one or several of: \(Choice.words { $0 })"
    ) { text in Self.different(text, Choice.init(rawValue:)) }
  }

  /// Different whole numbers within `range`, separated by commas or blanks; from one to `most` of them.
  package mutating func integers(
    _ name: String, fallback: [Int], in range: ClosedRange<Int>, atMost most: Int, meaning: String
  ) -> [Int] {
    let limits = "\(range.lowerBound) to \(range.upperBound)"
    let shown = fallback.map(String.init).joined(separator: ",")
    return value(
      name, fallback: fallback, shown: shown, range: "up to \(most), each \(limits)", meaning,
      expected: "one to \(most) whole numbers from \(limits), for example \(shown)"
    ) { text in
      let numbers = Self.different(text) { Int($0).flatMap { range.contains($0) ? $0 : nil } }
      return numbers.flatMap { $0.count <= most ? $0 : nil }
    }
  }

  /// A value in a form of its own.
  ///
  /// - Parameters:
  ///   - shown: the default as a person would set it.
  ///   - expected: follows the variable's text in the problem that is reported if `parse` returns nil.
  private mutating func value<Value>(
    _ name: String, fallback: Value, shown: String, range: String, _ meaning: String, expected: String,
    _ parse: (String) -> Value?
  ) -> Value {
    note([name], shown, meaning, range: range)
    guard let text = environment[name] else { return fallback }
    if let value = parse(text) { return value }
    report("\(name) is \"\(text)\", expected \(expected)")
    return fallback
  }

  /// The items of a list; nil if there are none, one is not valid, or one is there twice.
  private static func different<Item: Hashable>(_ text: String, _ parse: (String) -> Item?) -> [Item]? {
    let words = items(text)
    let items = words.compactMap(parse)
    return words.isEmpty || items.count != words.count || Set(items).count != items.count ? nil : items
  }

  /// A list separated by commas or blanks; empty items are dropped.
  package mutating func list(_ name: String, meaning: String) -> [String] {
    note([name], "", meaning)
    return Self.items(environment[name] ?? "")
  }

  private static func items(_ text: String) -> [String] { text.split { $0 == "," || $0.isWhitespace }.map(String.init) }

  /// An `http` or `https` base URL without a trailing slash: the first of `names` that is set.
  ///
  /// - Parameter required: the name to report as missing if none is set; nil if the URL is optional.
  package mutating func baseURL(_ names: String..., required: String? = nil, meaning: String) -> String? {
    note(names, "", meaning)
    let example = "for example https://videos.example.com"
    guard let name = names.first(where: { environment[$0] != nil }), let value = environment[name] else {
      if let required { report("\(required) is missing: \(meaning), \(example)") }
      return nil
    }
    if let fault = BaseURLFault(value) {
      report("\(name) \(fault.sentence), expected a base URL, \(example)")
      return nil
    }
    return String(value.reversed().drop { $0 == "/" }.reversed())
  }

  /// Records a setting once, even if another part of the program reads it again.
  private mutating func note(
    _ names: [String], _ fallback: String, _ meaning: String, range: String = "", isSecret: Bool = false
  ) {
    guard !settings.contains(where: { $0.name == names[0] }) else { return }
    settings.append(
      Setting(
        subject: subject, name: names[0], otherNames: Array(names.dropFirst()), fallback: fallback, range: range,
        isSecret: isSecret, meaning: meaning))
    for name in names where !isSecret && environment[name]?.contains(SecretFault.replaced) == true {
      report("\(name) is not UTF-8")
    }
  }

  /// Without a fraction, if there is none.
  private static func short(_ seconds: Double) -> String {
    seconds.rounded() == seconds ? "\(Int(seconds))" : "\(seconds)"
  }

  /// The first of `names` that is set, and its text.
  private mutating func secretText(_ names: [String]) -> (name: String, text: String)? {
    for name in names {
      if let text = secretTexts[name] { return (name, text) }
      do {
        guard let text = try environment.valueOrFile(name) else { continue }
        secretTexts[name] = text
        if let fault = SecretFault(text, names: names) { report("\(name) \(fault.sentence)") }
        return (name, text)
      } catch {
        report(error.sentence)
        return nil
      }
    }
    return nil
  }
}

extension RawRepresentable<String> where Self: CaseIterable {
  fileprivate static func words(_ form: (String) -> String) -> String {
    allCases.map { form($0.rawValue) }.joined(separator: ", ")
  }
}
