package import DatabaseClient
package import Deadlines
package import Failures
internal import Logging

/// The state machine's operations, each of which is one SQL function (migration 026).
package struct ThumbnailQueries {
  let session: Session
  /// The machine on which the caller runs: breakers are kept by host.
  private let host: String
  /// Whether a storyboard is made after each new thumbnail.
  private let queuesStoryboards: Bool

  /// - Parameters:
  ///   - host: the name of this machine, by which faults of its store and settings are counted (``ProcessIdentity/host``).
  ///   - queuesStoryboards: whether completing a thumbnail queues a storyboard if the video has none.
  package init(_ session: Session, host: String, queuesStoryboards: Bool) {
    self.session = session
    self.host = host
    self.queuesStoryboards = queuesStoryboards
  }

  /// Claims a due row for `leaseSeconds`.
  ///
  /// - Parameters:
  ///   - aspectRatio: `16:9`, `9:16`, or nil for the row's shape or else the video's own.
  ///   - regenerate: makes a new thumbnail even if there is one, and resets the attempts.
  ///   - timeSeconds: with `regenerate`, the second of the video from which to take the picture.
  package func claim(
    _ videoID: VideoID, aspectRatio: String?, regenerate: Bool, timeSeconds: Double?, leaseSeconds: Double, deadline: Deadline
  ) throws(DatabaseError) -> ClaimOutcome {
    let leaseEnd = Deadline.after(seconds: leaseSeconds)
    let rows = try session.run(
      """
      SELECT * FROM thumbnails.claim(\(videoID), \(leaseSeconds)::float8, \(aspectRatio)::text,
                                     \(regenerate)::boolean, \(timeSeconds)::float8, \(host)::text)
      """, deadline: deadline)
    guard let row = rows.first, let outcome = row.text("outcome") else { throw .unexpected("claim") }
    let retryAfter = row.number("retry_after_seconds") ?? 1
    let detail = row.text("detail")
    switch outcome {
    case "claimed": return .claimed(try Self.claim(row, of: videoID, until: leaseEnd))
    case "busy": return .refused(.busy(retryAfterSeconds: retryAfter))
    case "paused": return .refused(.paused(retryAfterSeconds: retryAfter, code: row.text("class"), reason: detail))
    case "not_due": return .refused(.notDue(retryAfterSeconds: retryAfter, reason: detail))
    case "completed": return .refused(.completed(thumbnailURL: detail))
    case "exhausted": return .refused(.exhausted(reason: detail))
    case "not_finished": return .refused(.notFinished(status: detail))
    case "not_found": return .refused(.notFound)
    default: throw .unexpected("claim")
    }
  }

  /// Whether the video is queued, so that a worker will claim it in its turn (migration 033).
  package func isQueued(_ videoID: VideoID, deadline: Deadline) throws(DatabaseError) -> Bool {
    try session.run("SELECT thumbnails.is_queued(\(videoID)) AS queued", deadline: deadline).first?.flag("queued") ?? false
  }

  /// - Returns: nil if there is no such video.
  package func video(_ videoID: VideoID, deadline: Deadline) throws(DatabaseError) -> VideoToRead? {
    let rows = try session.run("SELECT * FROM thumbnails.video_to_read(\(videoID))", deadline: deadline)
    return rows.first.map {
      VideoToRead(
        status: $0.text("status"), videoURL: $0.text("video_url"), aspectRatio: $0.text("aspect_ratio"),
        tenant: $0.tenant)
    }
  }

  /// Adds an entry to the video's history.
  ///
  /// - Parameters:
  ///   - failureClass: the class of a failure, or `decoder`.
  ///   - decoderEnd: how a decoder was brought down; ends are counted by it.
  package func note(
    _ videoID: VideoID, _ failureClass: String, _ text: String, decoderEnd: DecoderEndKind? = nil, deadline: Deadline
  ) throws(DatabaseError) {
    _ = try session.run(
      "SELECT thumbnails.note_event(\(videoID), \(failureClass)::text, \(text)::text, \(decoderEnd?.rawValue)::text)",
      deadline: deadline)
  }

  /// Claims the row that is due next for `leaseSeconds`.
  package func claimNext(leaseSeconds: Double, deadline: Deadline) throws(DatabaseError) -> NextClaim {
    let leaseEnd = Deadline.after(seconds: leaseSeconds)
    let rows = try session.run(
      "SELECT * FROM thumbnails.claim_next(\(leaseSeconds)::float8, \(host)::text)", deadline: deadline)
    return try Self.next(rows, until: leaseEnd)
  }

  /// Extends the lease.
  ///
  /// - Returns: false if the caller no longer has the row.
  package func renew(_ claim: Claim, leaseSeconds: Double, deadline: Deadline) throws(DatabaseError) -> Bool {
    let rows = try session.run(
      "SELECT thumbnails.renew(\(claim.videoID), \(claim.token)::bigint, \(leaseSeconds)::float8) AS held",
      deadline: deadline)
    return rows.first?.flag("held") ?? false
  }

  /// Writes the result and, if a lease is given, claims what is due next in the same transaction. The result is written again until that is
  /// answered, which the token makes harmless.
  ///
  /// - Parameters:
  ///   - metadata: a JSON object.
  ///   - keepSeconds: how long an object that no row names any more is kept.
  ///   - leaseSeconds: the lease of the next claim; nil to claim nothing.
  package func complete(
    _ claim: Claim, thumbnailURL: String, key: String, metadata: String, keepSeconds: Double,
    takingNextFor leaseSeconds: Double?, deadline: Deadline
  ) throws(DatabaseError) -> (outcome: WriteOutcome, next: NextClaim) {
    if let leaseSeconds {
      let leaseEnd = Deadline.after(seconds: leaseSeconds)
      do {
        let rows = try session.run(
          """
          SELECT c.*, CASE WHEN \(queuesStoryboards)::boolean AND c.answer IN ('ok', 'kept')
                           THEN thumbnails.request_storyboard(\(claim.videoID), true) END
            FROM thumbnails.complete_and_next(\(claim.videoID), \(claim.token)::bigint, \(thumbnailURL)::text, \(key)::text,
                                              \(metadata)::jsonb, \(keepSeconds)::float8, \(host)::text,
                                              \(leaseSeconds)::float8) AS c
          """, deadline: deadline)
        return (try rows.word("answer", of: "complete_and_next"), try Self.next(rows, until: leaseEnd))
      } catch {
        // Only the first half may be repeated: if the answer to a claim is lost, its row waits for the end of the lease.
        session.logger.warning("a result is handed in without taking the next job", error)
      }
    }
    let rows = try session.runRepeatable(
      """
      SELECT c.outcome, CASE WHEN \(queuesStoryboards)::boolean AND c.outcome IN ('ok', 'kept')
                             THEN thumbnails.request_storyboard(\(claim.videoID), true) END
        FROM (SELECT thumbnails.complete(\(claim.videoID), \(claim.token)::bigint, \(thumbnailURL)::text, \(key)::text,
                                         \(metadata)::jsonb, \(keepSeconds)::float8, \(host)::text) AS outcome
               OFFSET 0) AS c
      """, deadline: deadline)
    return (try rows.word(of: "complete"), .unknown)
  }

  /// Records why an attempt has failed.
  ///
  /// - Parameter isRetryable: nil gives the row back because the video is not at fault. The attempt then does not count, except at a tenth
  ///   release while other videos are completed.
  package func fail(
    _ claim: Claim, failureClass: FailureClass, text: String, isRetryable: Bool?, retryAfterSeconds: Double?, deadline: Deadline
  ) throws(DatabaseError) -> WriteOutcome {
    try session.runRepeatable(
      """
      SELECT outcome FROM thumbnails.fail(\(claim.videoID), \(claim.token)::bigint, \(failureClass.rawValue)::text,
                                          \(text)::text, \(isRetryable)::boolean, \(retryAfterSeconds)::float8,
                                          \(host)::text)
      """, deadline: deadline
    ).word(of: "fail")
  }

  static func next(_ rows: [Row], until leaseEnd: Deadline) throws(DatabaseError) -> NextClaim {
    guard let row = rows.first, let outcome = row.text("outcome") else { throw .unexpected("claim_next") }
    switch outcome {
    case "claimed":
      guard let videoID = row.text("video_id").flatMap({ VideoID($0) }) else { throw .unexpected("claim_next") }
      return .claimed(try claim(row, of: videoID, until: leaseEnd))
    case "paused": return row.number("retry_after_seconds") == 0 ? .unknown : .nothing
    case "none": return .nothing
    default: throw .unexpected("claim_next")
    }
  }

  private static func claim(_ row: Row, of videoID: VideoID, until leaseEnd: Deadline) throws(DatabaseError) -> Claim {
    guard let kind = row.text("kind").flatMap(Claim.Kind.init(rawValue:)), let token = row.integer("token"),
      let attempt = row.integer("attempt")
    else { throw .unexpected("claim") }
    return Claim(
      videoID: videoID, kind: kind, token: token, attempt: attempt, videoURL: row.text("video_url"),
      aspectRatio: row.text("aspect_ratio"), timeSeconds: row.number("time_seconds"), tenant: row.tenant, leaseEnd: leaseEnd)
  }
}
