package import DatabaseClient

/// Reports for people and programs. Every answer is JSON as the database made it.
package struct ReportQueries {
  private let session: Session
  private let hashes: SecretHashes

  /// - Parameter hashes: hashes of this program's secrets, which the database compares with its own.
  package init(_ session: Session, hashes: SecretHashes) {
    self.session = session
    self.hashes = hashes
  }

  /// All figures.
  package func look() throws(DatabaseError) -> String {
    try session.json("SELECT thumbnails.look(\(hashes.webhook)::text, \(hashes.service)::text)::text AS json")
  }

  /// Why webhooks that the database sends itself may not arrive.
  ///
  /// - Returns: a JSON array of sentences.
  package func deliveryProblems() throws(DatabaseError) -> String {
    try session.json("SELECT thumbnails.delivery_problems(\(hashes.webhook)::text, \(hashes.service)::text)::text AS json")
  }

  /// Health, failures, queue and what the next sweep would do, as people see them.
  ///
  /// - Parameters:
  ///   - look: the answer of ``look()``.
  ///   - limit: the length of its lists.
  ///   - caller: who asks, which the status page uses.
  package func report(_ look: String, limit: Int, caller: String) throws(DatabaseError) -> String {
    try session.json(
      "SELECT (thumbnails.report(\(look)::jsonb, \(limit)::integer) || jsonb_build_object('caller', \(caller)::text))::text AS json"
    )
  }

  /// One element for each hour, the current one last.
  package func history(hours: Int) throws(DatabaseError) -> String {
    try session.json("SELECT thumbnails.history(\(hours)::integer)::text AS json")
  }

  /// A page of videos: `{videos, total, next}`.
  ///
  /// - Parameters:
  ///   - filter: which videos, as JSON.
  ///   - order: `newest` or `oldest` change first; nil for the latest events, if nothing is filtered.
  ///   - afterMicroseconds: the last change of the video at the end of the previous page, in microseconds since 1970.
  ///   - afterID: its id.
  package func videos(
    _ filter: String, order: String?, afterMicroseconds: Int?, afterID: VideoID?, limit: Int
  ) throws(DatabaseError) -> String {
    try session.json(
      "SELECT thumbnails.find_videos(\(filter)::jsonb, \(order), \(afterMicroseconds)::bigint, \(afterID), \(limit)::integer)::text AS json"
    )
  }

  /// The whole URL of a video, as JSON; nil if there is no such video.
  package func sourceURL(of videoID: VideoID) throws(DatabaseError) -> String? {
    let query: Query = "SELECT to_json(v.video_url)::text AS json FROM thumbnails.video_to_read(\(videoID)) AS v"
    return try session.run(query).first?.text("json")
  }

  /// One video and its history; nil if there is none.
  package func timeline(of videoID: VideoID) throws(DatabaseError) -> String? {
    try session.run("SELECT thumbnails.timeline(\(videoID))::text AS json").first?.text("json")
  }
}
