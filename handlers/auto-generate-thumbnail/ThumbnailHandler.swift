internal import Auth
internal import Database
internal import DatabaseClient
internal import Deadlines
internal import Failures
internal import FastCGI
internal import Heartbeat
internal import Logging
internal import Uploads

/// `POST /functions/v1/auto-generate-thumbnail`: claims the row, does the work, answers. A request is also a wake-up: after it, the worker
/// claims other due videos.
struct ThumbnailHandler: RequestHandler {
  let queries: ThumbnailQueries
  let heartbeat: Heartbeat
  let store: any ObjectStore
  let pipeline: Pipeline
  let work: WorkSettings
  let deadlineSeconds: Double

  func methods(at path: String) -> [String] { ["POST"] }

  func reply(to request: Request, from caller: Caller, logger: Logger) -> Reply {
    let body: GenerateRequest
    do {
      body = try GenerateRequest(body: request.plainBody)
    } catch {
      return Reply(.refusal(400, error.text))
    }
    if let field = body.task.field, caller != .service { return Reply(.refusal(403, "\(field) needs the service key")) }
    let logger = logger.with([.videoID: .text(body.videoID.text), .caller: .text(caller.rawValue)])
    if let word = body.ignoredAspectRatio {
      logger.warning("an unknown aspect ratio is ignored", [.detail: .foreign(word)])
    }
    let requests = MomentRequests(queries: queries, pipeline: pipeline, deadlineSeconds: deadlineSeconds, logger: logger)
    switch body.task {
    case .candidates(let count): return Reply(requests.candidates(of: body, count))
    case .storyboard: return Reply(requests.queue(body.videoID), continuesWork: true)
    case .thumbnail, .regenerate: break
    }
    do {
      return try claim(body, for: caller, request, logger)
    } catch {
      logger.error("the claim failed", error)
      return Reply(.failure(error.httpStatus, error.description, error.failureClass, headers: [Response.retryAfter(1)]))
    }
  }

  private func accepted(_ reply: AcceptedReply, afterwards: (() -> Void)? = nil) -> Reply {
    Reply(
      .json(202, ReplyJSON.encode(reply), headers: [("Preference-Applied", "respond-async")]), continuesWork: true,
      afterwards: afterwards)
  }

  private func claim(_ body: GenerateRequest, for caller: Caller, _ request: Request, _ logger: Logger) throws(DatabaseError)
    -> Reply
  {
    let deadline = Deadline.after(seconds: deadlineSeconds)
    let isWakeUp = caller == .webhook && body.aspectRatio == nil && request.prefersAsync
    // In a burst of wake-ups, making each video before answering would keep the next request waiting for all of them, and the latest would
    // overtake what is due first. So a queued video waits for its turn. A video that is not queued has no turn, so it is claimed now.
    if isWakeUp, !request.isAlone, try queries.isQueued(body.videoID, deadline: deadline) {
      return accepted(AcceptedReply(videoId: body.videoID.text))
    }
    let (regenerate, timeSeconds) =
      if case .regenerate(let seconds) = body.task { (true, seconds) } else { (false, nil as Double?) }
    let outcome = try queries.claim(
      body.videoID, aspectRatio: body.aspectRatio, regenerate: regenerate, timeSeconds: timeSeconds,
      leaseSeconds: work.leaseSeconds, deadline: deadline)
    switch outcome {
    case .refused(let refusal):
      let id = body.videoID.text
      return Reply(
        caller == .webhook
          ? ClaimReply.discreetResponse(refusal, videoID: id) : ClaimReply.response(refusal, videoID: id),
        continuesWork: true)
    case .claimed(let claim):
      let job = ThumbnailJob(attempt: attempt(claim, deadline: deadline, logger: logger), heartbeat: heartbeat)
      if request.prefersAsync {
        return accepted(AcceptedReply(videoId: claim.videoID.text, attempt: claim.attempt), afterwards: { _ = job.run() })
      }
      return Reply(job.run().response, continuesWork: true)
    }
  }

  /// Takes one job after another until nothing is due. Where a result can be written, the same statement claims the next job.
  func continueWork(while isFree: @escaping () -> Bool, logger: Logger) -> Bool {
    var next = NextClaim.unknown
    var outage = Outage()
    while true {
      let deadline = Deadline.after(seconds: deadlineSeconds)
      // Must be called even with a job in hand: it also starts the watchdog for the next piece of work, be it a claim or a job.
      let mayTake = isFree()
      switch next {
      case .claimed(let claim): next = run(claim, deadline, isFree, logger)
      case .nothing: return false
      case .unknown:
        guard mayTake else { return true }
        next = takeNext(&outage, deadline, logger)
      }
    }
  }

  private func run(_ claim: Claim, _ deadline: Deadline, _ isFree: @escaping () -> Bool, _ logger: Logger) -> NextClaim {
    let attempt = attempt(claim, deadline: deadline, logger: logger.with([.videoID: .text(claim.videoID.text)]))
    switch claim.kind {
    case .thumbnail: return ThumbnailJob(attempt: attempt, heartbeat: heartbeat).run(takingNextWhile: isFree).next
    case .storyboard:
      StoryboardJob(attempt: attempt).run(while: isFree)
      return .unknown
    }
  }

  func beat() { heartbeat.beat() }

  private func takeNext(_ outage: inout Outage, _ deadline: Deadline, _ logger: Logger) -> NextClaim {
    do {
      let next = try queries.claimNext(leaseSeconds: work.leaseSeconds, deadline: deadline)
      outage = Outage()
      return next
    } catch {
      if outage.isNew {
        logger.error("nothing could be claimed", error)
      }
      return outage.isWaitedFor(error) ? .unknown : .nothing
    }
  }

  private func attempt(_ claim: Claim, deadline: Deadline, logger: Logger) -> Attempt {
    let logger = logger.with([.token: .integer(claim.token), .attempt: .integer(claim.attempt)])
    let keeper = LeaseKeeper(queries, claim: claim, leaseSeconds: work.leaseSeconds, deadline: deadline, logger: logger)
    return Attempt(
      claim: claim, keeper: keeper, pipeline: pipeline, store: store, queries: queries, work: work, logger: logger)
  }
}

extension Request {
  /// Whether the caller asks to be answered before the work is done (RFC 7240, 4.1).
  fileprivate var prefersAsync: Bool {
    (header("Prefer") ?? "").split(separator: ",").contains { preference in
      preference.split(separator: ";").first.map { $0.filter { !$0.isWhitespace }.lowercased() } == "respond-async"
    }
  }
}
