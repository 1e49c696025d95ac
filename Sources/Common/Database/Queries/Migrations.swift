enum Migrations {
  /// The SHA-256 of all files, as migration 099 has it. `scripts/database/assemble-migration` writes it.
  static let fingerprint = "40f8f2f5f366cc8d"
}
