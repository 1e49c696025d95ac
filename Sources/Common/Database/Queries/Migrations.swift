enum Migrations {
  /// The SHA-256 of all files, as migration 099 has it. `scripts/database/assemble-migration` writes it.
  static let fingerprint = "c10e2b9fe28d420e"
}
