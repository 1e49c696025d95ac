internal import FoundationEssentials

/// All settings of one program.
package protocol ProgramSettings {
  /// - Parameter isLasting: whether the process serves many requests.
  init(_ reader: inout SettingsReader, isLasting: Bool)
}

extension ProgramSettings {
  /// - Throws: all problems at once.
  package init(_ environment: Environment, isLasting: Bool = true) throws(SettingsError) {
    var reader = SettingsReader(environment)
    self.init(&reader, isLasting: isLasting)
    try reader.finish()
  }

  /// The output of `--settings`: a JSON array of every ``Setting`` that the program reads, in the order in which it reads them.
  package static var catalogue: String {
    // The environment is empty, since a variable that is set may keep others from being read.
    var reader = SettingsReader(Environment([:]))
    _ = Self(&reader, isLasting: true)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // There are only texts, which JSON can always encode.
    guard let json = try? encoder.encode(reader.settings) else { return "[]" }
    return String(decoding: json, as: UTF8.self)
  }
}
