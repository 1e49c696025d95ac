package import DatabaseClient
package import Deadlines

/// What concerns storyboards, and looks at videos without a claim: one SQL function each (migration 034).
package struct StoryboardQueries {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Where a video can be read, without a claim.
  package struct VideoToRead: Sendable {
    /// The row's own; only `completed` means that the video can be read.
    package let status: String?
    /// The row's own URL; nil or empty where the platform has not set one.
    package let videoURL: String?
    /// The shape its row asks for.
    package let aspectRatio: String?
    /// As ``Claim/tenant``.
    package let tenant: String?
  }

  /// - Returns: nil where there is no such video.
  package func video(_ videoID: VideoID, deadline: Deadline) throws(DatabaseError) -> VideoToRead? {
    let rows = try session.run("SELECT * FROM thumbnails.video_to_read(\(videoID))", deadline: deadline)
    return rows.first.map {
      VideoToRead(
        status: $0.text("status"), videoURL: $0.text("video_url"), aspectRatio: $0.text("aspect_ratio"),
        tenant: $0.text("tenant").flatMap { $0.isEmpty ? nil : $0 })
    }
  }

  /// What came of asking for a storyboard.
  package enum Queued: String, Sendable {
    case queued
    /// One is being made.
    case busy
    case notFound = "not_found"
    /// The video is not finished.
    case notFinished = "not_finished"
    /// The row has no URL.
    case noSource = "no_source"
  }

  /// Queues a storyboard, also for a video that has one.
  ///
  /// - Throws: `DatabaseError`. The statement is not repeated: where the outcome is unknown, it may be queued all the same.
  package func request(_ videoID: VideoID, deadline: Deadline) throws(DatabaseError) -> Queued {
    let rows = try session.run("SELECT thumbnails.request_storyboard(\(videoID)) AS outcome", deadline: deadline)
    return try Self.outcome(rows, "request_storyboard")
  }

  /// What came of a storyboard that was handed in.
  package enum HandedIn: String, Sendable {
    case ok
    /// This very claim handed it in before, and the answer was lost.
    case already
    /// The job is another claim's, or the video another one.
    case fenced
    /// The platform does not take it.
    case refused
  }

  /// Hands in a storyboard; repeated until it is answered, since the token makes repeating harmless.
  ///
  /// - Parameters:
  ///   - entry: what the row says of it, a JSON object.
  ///   - key: the main object.
  ///   - keepSeconds: how long objects nobody points to any more are kept.
  package func complete(_ claim: Claim, entry: String, key: String, keepSeconds: Double, deadline: Deadline)
    throws(DatabaseError) -> HandedIn
  {
    let rows = try session.runRepeatable(
      """
      SELECT thumbnails.complete_storyboard(\(claim.videoID), \(claim.token)::bigint, \(entry)::jsonb, \(key)::text,
                                            \(keepSeconds)::float8) AS outcome
      """, deadline: deadline)
    return try Self.outcome(rows, "complete_storyboard")
  }

  /// Puts a failure into the video's history.
  package func note(_ claim: Claim, failureClass: String, text: String, deadline: Deadline) throws(DatabaseError) {
    _ = try session.run(
      "SELECT thumbnails.note_storyboard(\(claim.videoID), \(failureClass)::text, \(text)::text)", deadline: deadline)
  }

  private static func outcome<Outcome: RawRepresentable>(_ rows: [Row], _ name: String) throws(DatabaseError) -> Outcome
  where Outcome.RawValue == String {
    guard let outcome = rows.first?.text("outcome").flatMap(Outcome.init(rawValue:)) else {
      throw DatabaseError(
        kind: .refused, detail: "thumbnails.\(name) answered something unknown: the migrations do not fit")
    }
    return outcome
  }
}
