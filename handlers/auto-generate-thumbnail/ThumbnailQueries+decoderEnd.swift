internal import Database
internal import DatabaseClient
internal import Deadlines
internal import DecoderClient
internal import Logging

extension ThumbnailQueries {
  /// Records in the video's history that its decoder was brought down. A failure is only logged, since the work goes on.
  func note(_ down: DecoderDown, of videoID: VideoID, _ logger: Logger) {
    do {
      try note(videoID, "decoder", down.description, decoderEnd: down.kind, deadline: .after(seconds: 2))
    } catch {
      logger.warning("the decoder's end was not noted", error)
    }
  }
}
