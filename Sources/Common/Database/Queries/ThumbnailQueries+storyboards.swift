package import DatabaseClient
package import Deadlines

/// Operations on storyboards (migration 034).
extension ThumbnailQueries {
  /// The result of a request for a storyboard.
  package enum StoryboardRequest: String, Sendable {
    case queued
    /// One is being made.
    case busy
    case notFound = "not_found"
    /// The video is not finished.
    case notFinished = "not_finished"
    /// The row has no URL.
    case noSource = "no_source"
  }

  /// Queues a storyboard, even for a video that has one.
  ///
  /// - Throws: `DatabaseError`. The statement is not repeated: if the outcome is not known, the storyboard may be queued nevertheless.
  package func requestStoryboard(_ videoID: VideoID, deadline: Deadline) throws(DatabaseError) -> StoryboardRequest {
    try session.run("SELECT thumbnails.request_storyboard(\(videoID)) AS outcome", deadline: deadline)
      .word(of: "request_storyboard")
  }

  /// The result of completing a storyboard.
  package enum StoryboardOutcome: String, Sendable {
    case ok
    /// This claim completed it before, and the answer was lost.
    case already
    /// Another claim has the job, or the video has been replaced.
    case fenced
    /// The platform refuses it.
    case refused
  }

  /// Completes a storyboard. Repeated until it is answered, which the token makes harmless.
  ///
  /// - Parameters:
  ///   - entry: the storyboard as the row describes it, a JSON object.
  ///   - key: the main object.
  ///   - keepSeconds: how long objects that no row names any more are kept.
  package func completeStoryboard(_ claim: Claim, entry: String, key: String, keepSeconds: Double, deadline: Deadline)
    throws(DatabaseError) -> StoryboardOutcome
  {
    try session.runRepeatable(
      """
      SELECT thumbnails.complete_storyboard(\(claim.videoID), \(claim.token)::bigint, \(entry)::jsonb, \(key)::text,
                                            \(keepSeconds)::float8) AS outcome
      """, deadline: deadline
    ).word(of: "complete_storyboard")
  }
}
