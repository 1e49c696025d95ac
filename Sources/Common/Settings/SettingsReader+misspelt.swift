extension SettingsReader {
  /// Variables that are set but not read, and whose name is nearly that of one that is read. Without a warning, the default would be used
  /// silently.
  ///
  /// A typo is up to two letters too many or too few, or one letter replaced or moved. No two settings of our programs differ by so little,
  /// so a setting of another program is never reported as a typo.
  package var misspelt: [(name: String, meant: String)] {
    let known = settings.flatMap { setting in
      ([setting.name] + setting.otherNames).flatMap { setting.isSecret ? [$0, "\($0)_FILE"] : [$0] }
    }
    return environment.names.filter { !known.contains($0) }.compactMap { name in
      known.first { meant in
        abs(meant.count - name.count) <= 2 && Array(meant).difference(from: Array(name.uppercased())).count <= 2
      }.map { (name, $0) }
    }
  }
}
