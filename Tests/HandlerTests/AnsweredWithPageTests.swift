import Decoding
import Failures
import Testing

@testable import auto_generate_thumbnail

@Suite struct AnsweredWithPageTests {
  private static let json = MediaError(.unknownContainer, "the file is JSON")

  @Test(arguments: [
    (Self.json, "text/html; charset=utf-8", "the video URL leads to a web page (text/html), not to a video file"),
    (Self.json, "TEXT/HTML", "the video URL leads to a web page (text/html), not to a video file"),
    (
      MediaError(.empty, "the file is empty"), "text/html", "the video URL leads to a web page (text/html), not to a video file"
    ),
    (Self.json, "application/json", "the file is JSON"), (MediaError(.noVideo, "no video"), "text/xml;charset=x", "no video"),
    (Self.json, "application/vnd.api+json", "the file is JSON"), (Self.json, "text/json", "the file is JSON"),
    (Self.json, "application/dash+xml", nil), (Self.json, "image/svg+xml", nil),
    (MediaError(.unknownContainer, "the file is text"), "text/plain", "the file is text"),
    (MediaError(.empty, "the file is empty"), "", "the origin answered with nothing: neither a byte nor the type of a file"),
    (MediaError(.empty, "the file is empty"), "video/mp4", nil),
    (MediaError(.empty, "the file is empty"), "application/octet-stream", nil),
    (Self.json, "video/mp4", nil), (Self.json, "", nil), (Self.json, "application/octet-stream", nil),
    // Some serve whatever they do not know as a page.
    (MediaError(.unsupportedCodec, "VVC"), "text/html", nil), (MediaError(.undecodable, "damaged"), "text/html", nil),
  ])
  func aPageIsTheOriginsFault(error: MediaError, contentType: String, sentence: String?) {
    let page = AnsweredWithPage(error, contentType: contentType)
    #expect(page?.description == sentence)
    #expect(page.map { $0.failureClass == .source && $0.isRetryable } ?? true)
  }
}
