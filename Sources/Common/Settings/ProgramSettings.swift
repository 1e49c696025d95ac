internal import FoundationEssentials

/// Everything one program can be told.
package protocol ProgramSettings {
  /// - Parameter isLasting: whether the process serves many requests.
  init(_ reader: inout SettingsReader, isLasting: Bool)
}

extension ProgramSettings {
  /// - Throws: every problem there is, at once.
  package init(_ environment: Environment, isLasting: Bool = true) throws(SettingsError) {
    var reader = SettingsReader(environment)
    self.init(&reader, isLasting: isLasting)
    try reader.finish()
  }

  /// What `--settings` prints: a JSON array of every ``Setting`` the program reads, in the order in which it does.
  package static var catalogue: String {
    // In an empty environment nothing that is set keeps another from being looked for.
    var reader = SettingsReader(Environment([:]))
    _ = Self(&reader, isLasting: true)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Texts alone: nothing that JSON could not say.
    guard let json = try? encoder.encode(reader.settings) else { return "[]" }
    return String(decoding: json, as: UTF8.self)
  }
}
