package import DatabaseClient
package import Deadlines
package import Settings

/// What processes tell of themselves (migration 033).
package struct WorkerQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// What there is to tell.
  package struct Facts {
    /// The process that tells.
    package let identity: ProcessIdentity
    let version: String
    let mode: String
    let sandbox: String?
    /// Attempts since the process started.
    package var completed = 0
    /// Attempts whose failure was put on the row. Attempts given back, and storyboards, are in neither number.
    package var failed = 0
    /// Why the relay polls; nil where it is notified.
    package var polls: String?
    /// What keeps the relay's posts from the handlers; nil where they arrive.
    package var trouble: String?

    /// - Parameters:
    ///   - mode: `FastCGI`, `CGI` or `service`.
    ///   - sandbox: `required` or `off`; nil where no video is decoded.
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

  /// The process ends.
  package func leave(_ identity: ProcessIdentity, deadline: Deadline) throws(DatabaseError) {
    _ = try session.run("SELECT thumbnails.forget_worker(\(identity.name)::text)", deadline: deadline)
  }

  /// A video brought its decoder down.
  ///
  /// - Parameters:
  ///   - kind: one of few words, by which it is counted.
  ///   - text: a sentence for the video's history.
  package func noteDecoderEnd(_ videoID: VideoID, kind: String, text: String, deadline: Deadline) throws(DatabaseError) {
    _ = try session.run(
      "SELECT thumbnails.note_decoder_end(\(videoID), \(kind)::text, \(text)::text)", deadline: deadline)
  }
}
