package import Settings

/// Where PostgreSQL is, and how long it may take.
package struct DatabaseSettings: Sendable {
  /// A libpq connection string or URL, which may name several hosts; nil to leave everything to libpq's `PG*` variables.
  package let connection: Secret?
  /// The limit in seconds for connecting and for each statement. It is the client's own, since TCP does not notice a server process that is
  /// only stopped.
  package let timeoutSeconds: Double
  /// How old a connection may become. The server keeps what it knew of the platform's functions, types and settings when a session met them
  /// first; after some changes of these, the platform's triggers fail in old sessions only.
  package private(set) var lifetimeSeconds = 600.0
  /// The name of the connection, unless the connection string sets one.
  package private(set) var applicationName = "thumbnail-handlers"
}

extension DatabaseSettings {
  /// - Parameters:
  ///   - identity: names the connection; nil for a process that is not among the workers.
  ///   - specialName: a variable that takes precedence over `DATABASE_URL` if it is set; nil for none.
  package init(_ reader: inout SettingsReader, of identity: ProcessIdentity? = nil, preferring specialName: String? = nil) {
    if let identity { applicationName = identity.name }
    reader.begin("Database")
    let special = specialName.flatMap {
      Self.connection($0, &reader, meaning: "a direct connection, needed if `DATABASE_URL` leads through a pooler")
    }
    connection =
      special
      ?? Self.connection(
        "DATABASE_URL", &reader,
        meaning:
          "PostgreSQL, as a libpq connection string; else libpq's own `PG*` variables, `PGHOST` and the others. `PGCONNECT_TIMEOUT` and `PGTARGETSESSIONATTRS` also count beside it"
      )
    timeoutSeconds = reader.seconds(
      "DATABASE_TIMEOUT", fallback: 10, in: 0.1...120, meaning: "seconds for connecting and for each statement")
    lifetimeSeconds = reader.seconds(
      "DATABASE_LIFETIME", fallback: 600, in: 1...86400, meaning: "seconds after which a connection is replaced by a new one")
    let libpq = ["PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE", "PGUSER", "PGPORT"]
    if connection == nil && !libpq.contains(where: { reader.environment[$0] != nil }) {
      reader.report(
        "DATABASE_URL is missing: where PostgreSQL is, for example "
          + "postgresql://handlers@db.example.com/videos (libpq's PGHOST, PGDATABASE … work too)")
    }
  }

  private static func connection(_ name: String, _ reader: inout SettingsReader, meaning: String) -> Secret? {
    let text = reader.foreignSecret([name], meaning: meaning)
    if let fault = text.flatMap(ConnectionStringFault.init) { reader.report("\(name) \(fault.sentence)") }
    return text
  }
}
