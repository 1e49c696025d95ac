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
  let claim: Claim
  let keeper: LeaseKeeper
  let pipeline: Pipeline
  let store: any ObjectStore
  let queries: ThumbnailQueries
  let storyboards: StoryboardQueries
  let ends: DecoderEnds
  let work: WorkSettings
  let deadline: Deadline
  let logger: Logger

  /// The longer side of one picture, in pixels, and the sheets' quantiser scale.
  private static let side = 160
  private static let quality = 6

  /// The job ends early because a request waits or the process is told to stop.
  private struct GivesWay: Error {}

  /// - Parameter isFree: false when a request waits, or the process is told to stop.
  func run(while isFree: @escaping () -> Bool) {
    do {
      try make(isFree)
    } catch is GivesWay {
      release(.shutdown, "gives way to other work", retryAfterSeconds: nil)
    } catch {
      let error = UnexpectedError.classified(error)
      record(NoNetwork(error, store: store, keeper: keeper) ?? error)
    }
  }

  private func make(_ isFree: @escaping () -> Bool) throws {
    guard let url = claim.videoURL, !url.isEmpty else { throw MissingVideoURL() }
    let patience = Patience(isFree)
    let order = Pipeline.Order(
      aspectRatio: claim.aspectRatio.flatMap(AspectRatio.init(rawValue:)), tenant: claim.tenant,
      deadline: keeper.makingDeadline,
      stillSeconds: work.leaseSeconds * 3 / 4, logger: logger,
      progress: {
        try keeper.progress()
        if patience.isOver { throw GivesWay() }
      }, onDecoderDown: ends.note)
    let survey = try pipeline.survey(
      url: url,
      Pipeline.SurveyOrder(
        task: .storyboard(DecodingTask.mostTiles), side: Self.side, quality: Self.quality, mostBytes: work.storyboardBytes),
      order)
    let (key, entry) = try upload(survey.moments)
    let outcome = try storyboards.complete(
      claim, entry: String(decoding: ReplyJSON.encode(entry), as: UTF8.self), key: key, keepSeconds: work.keepSeconds,
      deadline: max(deadline, .after(seconds: 3)))
    logger.info(
      "storyboard",
      [
        .outcome: .text(outcome.rawValue), .bytesFetched: .integer(survey.bytesFetched), .requests: .integer(survey.requests),
      ])
  }

  /// Uploads the sheets first and the list last: the garbage collector finds the sheets by the list's key.
  private func upload(_ moments: Moments) throws -> (key: String, entry: Entry) {
    let stem = ObjectKey.stem(videoID: claim.videoID.text, bytes: moments.pictures[0].bytes, token: claim.token)
    var keys: [String] = []
    for (number, sheet) in moments.pictures.enumerated() {
      let key = "\(stem)-\(number + 1).\(sheet.format.fileExtension)"
      try put(sheet.bytes, key, sheet.format.contentType)
      keys.append(key)
    }
    let names = keys.map { String($0.split(separator: "/").last ?? "") }
    let list = "\(stem).vtt"
    try put(Array(WebVTT(moments, sheets: names).text.utf8), list, "text/vtt")
    let entry = Entry(
      url: store.publicURL(list), sheets: keys.map(store.publicURL), tiles: moments.moments.count, width: moments.width,
      height: moments.height)
    return (list, entry)
  }

  private func put(_ bytes: [UInt8], _ key: String, _ contentType: String) throws {
    try store.put(bytes, key: key, contentType: contentType, deadline: keeper.deadlineOfSilentStep())
  }

  /// The storyboard as the row describes it.
  private struct Entry: Encodable {
    let url: String
    let sheets: [String]
    let tiles, width, height: Int
  }

  private func record(_ error: any ClassifiedError) {
    let failureClass = error.failureClass
    logger.warning("no storyboard", [.failureClass: .text(failureClass.rawValue), .error: .foreign(error.debugDescription)])
    switch error.consequence {
    case .leaveToLease: return
    case .release:
      release(failureClass, error.description, retryAfterSeconds: error.retryAfterSeconds)
    case .fail:
      write { (limit) throws(DatabaseError) in
        try queries.fail(
          claim, failureClass: failureClass.rawValue, text: error.description, isRetryable: error.isRetryable,
          retryAfterSeconds: error.retryAfterSeconds, deadline: limit)
      }
    }
    // If the decoder was killed, the history says so already.
    guard failureClass != .lost else { return }
    write { (limit) throws(DatabaseError) in
      try storyboards.note(claim, failureClass: failureClass.rawValue, text: error.description, deadline: limit)
    }
  }

  private func release(_ failureClass: FailureClass, _ text: String, retryAfterSeconds: Double?) {
    write { (limit) throws(DatabaseError) in
      try queries.release(
        claim, failureClass: failureClass.rawValue, text: text, retryAfterSeconds: retryAfterSeconds, deadline: limit)
    }
  }

  private func write<Answer>(_ statement: (Deadline) throws(DatabaseError) -> Answer) {
    do {
      _ = try statement(.after(seconds: max(3, min(deadline.secondsLeft, 10))))
    } catch {
      // The lease will run out.
      logger.error(
        "what became of the storyboard could not be recorded", cause: error.description,
        [.error: .foreign(error.debugDescription)])
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
