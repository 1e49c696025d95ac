extension SettingsReader {
  /// Variables that are set and not read, and nearly have the name of one that is read. Without a word of it the default would stay in place.
  ///
  /// A slip is two letters too many or too few, or one that is another or elsewhere. No two settings of our programs differ by as little: one that
  /// only another program reads is never taken for a slip.
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
