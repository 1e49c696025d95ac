package import DatabaseClient
package import Deadlines
package import Settings

/// What processes report about themselves (migration 033).
package struct WorkerQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  package struct Facts {
    package let identity: ProcessIdentity
    let version: String
    let mode: String
    let sandbox: String?
    /// Attempts that succeeded since the process started.
    package var completed = 0
    /// Attempts that failed, with the failure recorded on the row. Released attempts and storyboards are in neither number.
    package var failed = 0
    /// Why the relay polls; nil if it gets notifications.
    package var polls: String?
    /// Why the relay's posts do not reach the handlers; nil if they do.
    package var trouble: String?

    /// - Parameters:
    ///   - mode: `FastCGI`, `CGI` or `service`.
    ///   - sandbox: `required` or `off`; nil if the process decodes no videos.
    package init(_ identity: ProcessIdentity, version: String, mode: String, sandbox: String? = nil) {
      self.identity = identity
      self.version = version
      self.mode = mode
      self.sandbox = sandbox
    }
  }

  /// - Parameter ageSeconds: how long the process has been running.
  package func tell(_ facts: Facts, ageSeconds: Double, deadline: Deadline) throws(DatabaseError) {
    _ = try session.run(
      """
      SELECT thumbnails.note_worker(\(facts.identity.name)::text, \(facts.identity.program)::text, \(facts.identity.host)::text,
        \(facts.identity.pid)::integer, \(facts.version)::text, \(facts.mode)::text, \(facts.sandbox)::text, \(facts.completed)::bigint,
        \(facts.failed)::bigint, \(facts.polls)::text, \(facts.trouble)::text, \(ageSeconds)::float8)
      """, deadline: deadline)
  }

  /// Removes the process, which ends.
  package func leave(_ identity: ProcessIdentity, deadline: Deadline) throws(DatabaseError) {
    _ = try session.run("SELECT thumbnails.forget_worker(\(identity.name)::text)", deadline: deadline)
  }
}
