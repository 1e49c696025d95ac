internal import Database
internal import DatabaseClient
internal import Deadlines
internal import DecoderClient
internal import Logging

/// Records in the video's history that its decoder was brought down, for thumbnails, candidates and storyboards alike.
struct DecoderEnds {
  let queries: ThumbnailQueries
  let videoID: VideoID
  let logger: Logger

  func note(_ down: DecoderDown) {
    do {
      try queries.note(videoID, "decoder", down.description, decoderEnd: down.kind, deadline: .after(seconds: 2))
    } catch {
      logger.warning("the decoder's end was not noted", error)
    }
  }
}
