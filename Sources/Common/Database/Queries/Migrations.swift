enum Migrations {
  /// The SHA-256 of all files, as migration 099 has it. `scripts/database/assemble-migration` writes it.
  static let fingerprint = "f1c544475e90fc8a"
}
