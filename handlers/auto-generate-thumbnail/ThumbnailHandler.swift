internal import Auth
internal import Database
internal import DatabaseClient
internal import Deadlines
internal import Failures
internal import FastCGI
internal import Logging
internal import Uploads

/// `POST /functions/v1/auto-generate-thumbnail`: claim the row, do the work, answer.
struct ThumbnailHandler: AuthenticatedHandler {
  let queries: ThumbnailQueries
  let store: any ObjectStore
  let pipeline: Pipeline
  let work: WorkSettings
  let deadlineSeconds: Double

  func methods(at path: String) -> [String] { ["POST"] }

  func reply(to request: Request, from caller: Caller, logger: Logger) -> Reply {
    let body: GenerateRequest
    do {
      body = try GenerateRequest(body: request.body)
    } catch {
      return Reply(.failure(400, error.text, code: FailureClass.request.rawValue, isRetryable: false))
    }
    if body.regenerate && caller != .service {
      return Reply(.failure(401, "regenerate needs the service key", code: FailureClass.request.rawValue, isRetryable: false))
    }
    let logger = logger.with([.videoID: .text(body.videoID), .caller: .text(caller.rawValue)])
    if let word = body.ignoredAspectRatio {
      logger.warning("an unknown aspect ratio is ignored", [.detail: .foreign(word)])
    }
    return claim(body, for: caller, prefersAsync: prefersAsync(request), logger: logger)
  }

  private func prefersAsync(_ request: Request) -> Bool {
    (request.header("Prefer") ?? "").split(separator: ",").contains { preference in
      preference.split(separator: ";").first.map { $0.filter { !$0.isWhitespace }.lowercased() } == "respond-async"
    }
  }

  private func claim(_ body: GenerateRequest, for caller: Caller, prefersAsync: Bool, logger: Logger) -> Reply {
    let deadline = Deadline.after(seconds: deadlineSeconds)
    let leaseEnd = Deadline.after(seconds: work.leaseSeconds)
    let options = ClaimOptions(
      aspectRatio: body.aspectRatio, regenerate: body.regenerate, timeSeconds: body.regenerate ? body.timeSeconds : nil)
    let outcome: ClaimOutcome
    do {
      outcome = try queries.claim(body.videoID, leaseSeconds: work.leaseSeconds, options: options, deadline: deadline)
    } catch {
      logger.error("the claim failed", [.error: .foreign(error.debugDescription)])
      return Reply(
        .failure(
          error.httpStatus, error.description, code: error.failureClass.rawValue, isRetryable: true,
          headers: [("Retry-After", "1")]))
    }
    guard case .claimed(let claim) = outcome else {
      return Reply(
        caller == .webhook
          ? ClaimReply.discreetResponse(outcome, videoID: body.videoID) : ClaimReply.response(outcome, videoID: body.videoID))
    }

    let logger = logger.with([.token: .integer(Int(claim.token)), .attempt: .integer(claim.attempt)])
    let keeper = LeaseKeeper(
      queries, claim: claim, leaseSeconds: work.leaseSeconds, leaseEnd: leaseEnd, deadline: deadline, logger: logger)
    let job = ThumbnailJob(
      claim: claim, keeper: keeper, pipeline: pipeline, store: store, queries: queries, work: work, deadline: deadline,
      logger: logger)
    if prefersAsync {
      return Reply(
        .json(
          202, ReplyJSON.encode(AcceptedReply(videoId: claim.videoID, attempt: claim.attempt)),
          headers: [("Preference-Applied", "respond-async")]), afterwards: { _ = job.run() })
    }
    return Reply(job.run())
  }
}
