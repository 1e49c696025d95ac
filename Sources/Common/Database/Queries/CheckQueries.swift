package import DatabaseClient
internal import Glibc

/// The questions that `--check` asks the database.
package struct CheckQueries {
  private let session: Session

  /// All functions that the programs call. Some are missing if a migration was left half-way.
  package static let functions = [
    "act", "claim", "claim_next", "collector_position", "complete", "complete_and_next", "complete_storyboard",
    "delivery_problems", "due_videos", "fail", "find_videos", "fingerprint", "forget_objects", "forget_worker", "has_work",
    "history", "hold_delivery", "is_queued", "is_sweeping", "list_deletions", "list_orphans", "look",
    "look_after", "move_collector", "note_event", "note_worker", "pause", "put_down_orphans", "renew", "report",
    "request_storyboard", "resume", "sweep", "take_deletions", "timeline", "trial", "unneeded_objects", "video_to_read",
    "wake_up_key",
  ]

  private static let claim = "thumbnails.claim(\(VideoID.type), double precision, text, boolean, double precision, text)"

  package init(_ session: Session) {
    self.session = session
  }

  /// Checks that the migrations have been applied and that this role may use them.
  ///
  /// - Returns: a sentence for the operator.
  package func describe() throws(DatabaseError) -> String {
    // From PostgreSQL 16 on, each grant says for itself whether it is inherited, and keeps that if it is only repeated.
    let member = try session.run(
      """
      SELECT quote_ident(current_user) AS role,
             format(CASE WHEN current_setting('server_version_num')::integer < 160000
                         THEN 'ALTER ROLE %1$I INHERIT; GRANT thumbnail_handlers TO %1$I'
                         ELSE 'GRANT thumbnail_handlers TO %I WITH INHERIT TRUE' END, current_user) AS remedy
        FROM to_regrole('thumbnail_handlers') AS handlers
       WHERE pg_has_role(handlers::oid, 'MEMBER') AND NOT pg_has_role(handlers::oid, 'USAGE')
      """
    ).first
    if let role = member?.text("role"), let remedy = member?.text("remedy") {
      throw DatabaseError(
        kind: .refused, sqlState: .insufficientPrivilege,
        detail: "\(role) is a member of thumbnail_handlers and does not inherit its rights: \(remedy)")
    }
    let row = try session.run(
      """
      SELECT current_setting('server_version') AS version, current_database() AS name, current_user AS role,
             \(Self.claim)::text::regprocedure AS claim,
             (SELECT string_agg(f.name, ', ') FROM unnest(\(Self.functions as [String?])::text[]) AS f (name)
               WHERE NOT EXISTS (SELECT FROM pg_proc AS p WHERE p.pronamespace = 'thumbnails'::regnamespace AND p.proname = f.name
                                    AND has_function_privilege(p.oid, 'execute'))) AS lacking
      """
    ).first
    if let lacking = row?.text("lacking") {
      throw DatabaseError(
        kind: .refused, sqlState: .undefinedFunction,
        detail: "missing or not to be executed in the schema thumbnails: \(lacking)")
    }
    return "PostgreSQL \(row?.text("version") ?? "?"), database \(row?.text("name") ?? "?"), role \(row?.text("role") ?? "?")"
  }

  /// Whether the migrations that are applied are those of this version. Others may have all functions, too.
  package func hasMigrationsOfThisVersion() throws(DatabaseError) -> Bool {
    try session.run("SELECT thumbnails.fingerprint() AS fingerprint").first?.text("fingerprint") == Migrations.fingerprint
  }

  /// How many seconds this host's clock is ahead of the database's; negative if it is behind.
  package func secondsAhead() throws(DatabaseError) -> Int {
    try session.run(
      "SELECT round(\(Int(time(nil)))::bigint - extract(epoch FROM clock_timestamp()))::bigint AS ahead"
    ).first?.integer("ahead") ?? 0
  }

  /// Sends a video through the triggers, the queue, a claim and its result, in a transaction that is rolled back.
  ///
  /// - Parameter baseURL: the store's public URL, which the platform's constraints may check.
  /// - Returns: why it does not get through, in the platform's own words, only for the operator; nil if it does.
  package func problemOfOneVideo(picturesAt baseURL: String) throws(DatabaseError) -> String? {
    try session.run("SELECT thumbnails.trial(\(baseURL)) AS problem").first?.text("problem")
  }
}
