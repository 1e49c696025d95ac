internal import Database
internal import DatabaseClient
internal import Deadlines
internal import Decoding
internal import Failures
internal import FastCGI
internal import Logging
internal import Uploads

/// One claimed storyboard: reads, decodes, uploads and completes it, or records the failure in the history. It gives way to a waiting
/// request.
struct StoryboardJob {
  let attempt: Attempt

  /// The longer side of one picture, in pixels.
  private static let side = 160
  /// The sheets' quantiser scale, 1 (best) to 31.
  private static let quality = 6

  /// The job ends early because a request waits or the process is told to stop.
  private struct GivesWay: ClassifiedError {
    var failureClass: FailureClass { .shutdown }
    var description: String { "gives way to other work" }
  }

  /// - Parameter isFree: false when a request waits, or the process is told to stop.
  func run(while isFree: @escaping () -> Bool) {
    do {
      try make(isFree)
    } catch let error as GivesWay {
      write { () throws(DatabaseError) in try attempt.record(error) }
    } catch {
      record(attempt.classified(error))
    }
  }

  private func make(_ isFree: @escaping () -> Bool) throws {
    let patience = Patience(isFree)
    let order = attempt.order { if patience.isOver { throw GivesWay() } }
    let survey = try attempt.pipeline.survey(
      url: attempt.videoURL(),
      Pipeline.SurveyOrder(
        task: .storyboard(DecodingTask.mostTiles), side: Self.side, quality: Self.quality,
        mostBytes: attempt.work.storyboardBytes),
      order)
    let (key, entry) = try upload(survey.made)
    let outcome = try attempt.queries.completeStoryboard(
      attempt.claim, entry: String(decoding: ReplyJSON.encode(entry), as: UTF8.self), key: key,
      keepSeconds: attempt.work.keepSeconds, deadline: attempt.keeper.writingDeadline)
    attempt.logger.info(
      "storyboard",
      [
        .outcome: .text(outcome.rawValue), .bytesFetched: .integer(survey.bytesFetched), .requests: .integer(survey.requests),
      ])
  }

  /// Uploads the sheets first and the list last: the garbage collector finds the sheets by the list's key.
  private func upload(_ moments: Moments) throws -> (key: String, entry: Entry) {
    let claim = attempt.claim
    let stem = ObjectKey.stem(videoID: claim.videoID.text, bytes: moments.pictures[0].bytes, token: claim.token)
    var keys: [String] = []
    for (number, sheet) in moments.pictures.enumerated() {
      let key = ObjectKey.sibling(stem, number + 1, type: sheet.format.fileExtension)
      try attempt.put(sheet.bytes, key: key, contentType: sheet.format.contentType)
      keys.append(key)
    }
    let names = keys.map { String($0.split(separator: "/").last ?? "") }
    let list = ObjectKey.main(stem, type: "vtt")
    try attempt.put(Array(WebVTT(moments, sheets: names).text.utf8), key: list, contentType: "text/vtt")
    let entry = Entry(
      url: attempt.store.publicURL(list), sheets: keys.map(attempt.store.publicURL), tiles: moments.moments.count,
      width: moments.width, height: moments.height)
    return (list, entry)
  }

  /// The storyboard as the row describes it.
  private struct Entry: Encodable {
    let url: String
    let sheets: [String]
    let tiles, width, height: Int
  }

  private func record(_ error: any ClassifiedError) {
    let failureClass = error.failureClass
    attempt.logger.warning(
      "no storyboard", [.failureClass: .text(failureClass.rawValue), .error: .foreign(error.debugDescription)])
    let outcome = write { () throws(DatabaseError) in try attempt.record(error) }
    // If the decoder was killed, the history says so already. Another claim's storyboard has its own end.
    guard error.consequence != .leaveToLease, failureClass != .lost, outcome != .fenced else { return }
    write { () throws(DatabaseError) in
      try attempt.queries.note(
        attempt.claim.videoID, failureClass.rawValue, "storyboard: \(error.description)", deadline: attempt.recordDeadline)
      return nil
    }
  }

  @discardableResult
  private func write(_ statement: () throws(DatabaseError) -> WriteOutcome?) -> WriteOutcome? {
    do {
      return try statement()
    } catch {
      // The lease will run out.
      attempt.logger.error("what became of the storyboard could not be recorded", error)
      return nil
    }
  }

  /// A waiting request is usually served by another worker, so the job gives way only to one that keeps waiting.
  private final class Patience {
    private let isFree: () -> Bool
    private var end: Deadline?

    private static let seconds = 0.3

    init(_ isFree: @escaping () -> Bool) {
      self.isFree = isFree
    }

    var isOver: Bool {
      guard !isFree() else {
        end = nil
        return false
      }
      let end = end ?? .after(seconds: Self.seconds)
      self.end = end
      return end.hasPassed
    }
  }
}
