internal import Database
internal import Deadlines
internal import DecoderClient
internal import Decoding
internal import Failures
internal import FastCGI
internal import Logging

/// Requests for something other than a thumbnail: moments to choose from, which are answered at once, and a storyboard, which is queued.
struct MomentRequests {
  let queries: ThumbnailQueries
  let pipeline: Pipeline
  let deadlineSeconds: Double
  let logger: Logger

  /// The longer side of a picture to choose from, in pixels.
  private static let side = 320
  /// Its quantiser scale, 1 (best) to 31.
  private static let quality = 5

  /// Answers the best moments of a video, each with a small picture. It claims nothing and writes nothing.
  func candidates(of body: GenerateRequest, _ count: Int) -> Response {
    let deadline = Deadline.after(seconds: deadlineSeconds)
    do {
      guard let video = try queries.video(body.videoID, deadline: deadline) else { return .videoNotFound }
      guard video.status == "completed" else {
        return ClaimReply.response(.notFinished(status: video.status), videoID: body.videoID.text)
      }
      guard let url = video.videoURL, !url.isEmpty else { throw MediaError.noURL }
      let order = Pipeline.Order(
        aspectRatio: (body.aspectRatio ?? video.aspectRatio).flatMap(AspectRatio.init(rawValue:)),
        terms: Decoder.Terms(
          tenant: video.tenant, deadline: deadline, stillSeconds: deadlineSeconds, logger: logger,
          onDecoderDown: { queries.note($0, of: body.videoID, logger) }))
      let survey = try pipeline.survey(
        url: url, Pipeline.SurveyOrder(task: .candidates(count), side: Self.side, quality: Self.quality), order)
      logger.info(
        "candidates",
        [.bytesFetched: .integer(survey.bytesFetched), .requests: .integer(survey.requests)])
      return .json(200, ReplyJSON.encode(CandidatesReply(videoID: body.videoID.text, survey.made)))
    } catch {
      return failure(UnexpectedError.classified(error))
    }
  }

  func queue(_ videoID: VideoID) -> Response {
    do {
      switch try queries.requestStoryboard(videoID, deadline: .after(seconds: deadlineSeconds)) {
      case .queued, .busy: return .json(202, ReplyJSON.encode(AcceptedReply(videoId: videoID.text)))
      case .notFound: return .videoNotFound
      case .notFinished: return ClaimReply.response(.notFinished(status: nil), videoID: videoID.text)
      case .noSource: throw MediaError.noURL
      }
    } catch {
      return failure(UnexpectedError.classified(error))
    }
  }

  private func failure(_ error: any ClassifiedError) -> Response {
    logger.warning("refused", [.failureClass: .text(error.failureClass.rawValue), .error: .foreign(error.debugDescription)])
    return .failure(error)
  }
}
