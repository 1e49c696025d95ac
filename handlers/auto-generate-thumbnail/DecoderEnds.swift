internal import Database
internal import DatabaseClient
internal import Deadlines
internal import DecoderClient
internal import Logging

/// Records in the video's history that its decoder was brought down, for thumbnails, candidates and storyboards alike.
struct DecoderEnds {
  let workers: WorkerQueries
  let videoID: VideoID
  let logger: Logger

  func note(_ down: DecoderDown) {
    do {
      try workers.noteDecoderEnd(videoID, kind: down.kind, text: down.description, deadline: .after(seconds: 2))
    } catch {
      logger.warning("the decoder's end was not noted", error)
    }
  }
}
