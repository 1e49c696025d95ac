import Decoding
import Testing

@testable import auto_generate_thumbnail

@Suite struct WebVTTTests {
  @Test func eachPictureStandsForTheTimeAroundIt() {
    let moments = Moments(
      moments: [0, 2, 6, 3600.5].map { Moments.Moment(seconds: $0, score: nil) }, pictures: [], width: 160, height: 90,
      columns: 2,
      rows: 1, durationSeconds: 7200)
    #expect(
      WebVTT(moments, sheets: ["a-1.jpg", "a-2.jpg"]).text == """
        WEBVTT

        00:00:00.000 --> 00:00:01.000
        a-1.jpg#xywh=0,0,160,90

        00:00:01.000 --> 00:00:04.000
        a-1.jpg#xywh=160,0,160,90

        00:00:04.000 --> 00:30:03.250
        a-2.jpg#xywh=0,0,160,90

        00:30:03.250 --> 02:00:00.000
        a-2.jpg#xywh=160,0,160,90

        """)
  }

  @Test func theLastHasADurationWhateverTheFileSays() {
    let moments = Moments(
      moments: [Moments.Moment(seconds: 5, score: nil)], pictures: [], width: 160, height: 90, durationSeconds: 1)
    #expect(WebVTT(moments, sheets: ["a.jpg"]).text.contains("00:00:00.000 --> 00:00:05.001\n"))
  }
}
