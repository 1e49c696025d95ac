extension SettingsReader {
  /// Variables that are set and not read, and nearly have the name of one that is read. Without a word of it the default would stay in place.
  ///
  /// Two letters too many, too few or changed places are a slip. No two settings are so near to each other, so that one of another program is none.
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
