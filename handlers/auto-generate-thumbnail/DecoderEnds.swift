internal import Database
internal import DatabaseClient
internal import Deadlines
internal import DecoderClient
internal import Logging

/// Puts the ends of decoders into the history of the video they were at work on, whatever was to be made of it.
struct DecoderEnds {
  let workers: WorkerQueries
  let videoID: VideoID
  let logger: Logger

  func note(_ down: DecoderDown) {
    do {
      try workers.noteDecoderEnd(videoID, kind: down.kind, text: down.description, deadline: .after(seconds: 2))
    } catch {
      logger.warning("the decoder's end was not noted", cause: error.description, [.error: .foreign(error.debugDescription)])
    }
  }
}
