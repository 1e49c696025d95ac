import Failures
import Testing

@testable import DecoderClient
@testable import Decoding

@Suite struct DecoderProtocolTests {
  static let thumbnail = Thumbnail(
    pictures: [], placeholder: Placeholder(thumbHash: [7, 8], dominantColour: 0xaabbcc), aspectRatio: .landscape,
    timestampSeconds: 1.5,
    durationSeconds: nil, score: 0.25, candidates: 4, rejected: [.dark: 2, .blurred: 1], isDegraded: true, note: "a note",
    packetBytes: 77,
    container: "mov", codec: "h264", sourceWidth: 1920, sourceHeight: 1080, stageMilliseconds: ["open": 1.25, "choose": 2])

  /// What one side writes the other reads, through the bytes on the wire.
  private func carried<Content: MessageContent>(_ content: Content) throws -> Content {
    let bytes = Message(content).bytes
    let (type, length) = try Message.head(bytes[..<Message.headBytes])
    #expect(length == bytes.count - Message.headBytes)
    return try Message(type, body: bytes[Message.headBytes...]).content(Content.self)
  }

  @Test func messagesArriveAsTheyWereSent() throws {
    var limits = MediaLimits()
    limits.threads = 3
    var options = ThumbnailOptions()
    options.aspectRatio = .portrait
    options.timeSeconds = 12.5
    options.formats = [.webp, .avif]
    options.webpMethod = 6
    options.sizes = [480, 1920]
    let job = DecodingJob(limits: limits, options: options, seconds: 119.5, size: nil)
    #expect(try carried(job) == job)
    let read = ReadRequest(offset: 1 << 40, count: 5, welcome: 10, used: 7)
    #expect(try carried(read) == read)
    let foreseen = ReadRequest(offset: 9, count: 5, welcome: 10, expected: 9..<99)
    #expect(try carried(foreseen) == foreseen)
    let data = SourceData(size: 9, bytes: [1, 2, 3])
    #expect(try carried(data) == data)
    let failure = DecodingFailure(reason: .media, kind: .encrypted, text: "no", detail: "-1", log: ["a", "b"])
    #expect(try carried(failure) == failure)
    let picture = try carried(Self.thumbnail)
    #expect(picture.placeholder == Self.thumbnail.placeholder && picture.note == "a note")
    let encoded = EncodedPicture(bytes: [1, 2, 3], width: 960, height: 540, format: .webp)
    #expect(try carried(encoded) == encoded)
    #expect(picture.rejected == [.dark: 2, .blurred: 1] && picture.durationSeconds == nil)
    #expect(picture.stageMilliseconds == ["open": 1.25, "choose": 2] && picture.isDegraded && picture.score == 0.25)
  }

  @Test(
    arguments: [
      [0, 48, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0], [1, 48, 1, 0, 0, 0, 0, 0], [1, 48, 0, 0, 65, 0, 0, 0],
      [1, 50, 0, 0, 255, 255, 255, 255], [1, 49, 0, 0, 1, 0, 0, 0],
    ] as [[UInt8]])
  func headsThatLieAreRefused(head: [UInt8]) {
    #expect(throws: MalformedMessage.self) { try Message.head(head[...]) }
  }

  @Test func bodiesThatLieAreRefused() {
    let cut = Message(.read, body: Message(ReadRequest(offset: 0, count: 1, welcome: 1)).body.dropLast())
    #expect(throws: MalformedMessage.self) { try cut.content(ReadRequest.self) }
    let long = Message(.read, body: Message(ReadRequest(offset: 0, count: 1, welcome: 1)).body + [0])
    #expect(throws: MalformedMessage.self) { try long.content(ReadRequest.self) }
    for wrong in [
      ReadRequest(offset: -1, count: 1, welcome: 1), ReadRequest(offset: 0, count: 0, welcome: 1),
      ReadRequest(offset: 0, count: 2, welcome: 1), ReadRequest(offset: 0, count: 1, welcome: 1, used: -1),
    ] {
      #expect(throws: MalformedMessage.self) { try Message(wrong).content(ReadRequest.self) }
    }
    #expect(throws: MalformedMessage.self) { try Message(.progress).content(ReadRequest.self) }
  }

  @Test func textsOfADecoderAreOneLineOfPlainCharacters() throws {
    let failure = DecodingFailure(reason: .media, text: "a\nb\u{1b}[31m\u{85}\u{0}c\u{202e}\u{2028}\u{2066}d", log: [])
    #expect(try carried(failure).text == "ab[31mcd")
  }

  /// There are more decoders, encoders and filters than a small build of FFmpeg has.
  @Test func aHostMayLackNearlyEverything() throws {
    let ready = Ready(library: "FFmpeg 8.0", missing: (1...200).map { "decoder number \($0)" })
    #expect(try carried(ready) == ready)
  }

  @Test func absurdNumbersAreCut() throws {
    let moments = Moments(
      moments: [Moments.Moment(seconds: 1, score: -1e300)], pictures: [], width: 160, height: 90, durationSeconds: 1e300)
    #expect(try carried(moments).durationSeconds == 1e12)
    #expect(try carried(moments).moments[0].score == -1e12)
    let endless = Moments(
      moments: [Moments.Moment(seconds: 1, score: .infinity)], pictures: [], width: 160, height: 90, durationSeconds: nil)
    #expect(throws: MalformedMessage.self) { try carried(endless) }
  }

  @Test func tasksAndMomentsArriveAsTheyWereSent() throws {
    for task in [DecodingTask.thumbnail, .candidates(12), .storyboard(100)] {
      let job = DecodingJob(task, limits: MediaLimits(), options: ThumbnailOptions(), seconds: 1, size: 3)
      #expect(try carried(job) == job)
    }
    for task in [DecodingTask.candidates(13), .candidates(0), .storyboard(101), .storyboard(-1)] {
      let job = DecodingJob(task, limits: MediaLimits(), options: ThumbnailOptions(), seconds: 1, size: 3)
      #expect(throws: MalformedMessage.self) { try carried(job) }
    }
    let moments = Moments(
      moments: [Moments.Moment(seconds: 1.5, score: 0.5), Moments.Moment(seconds: 2, score: nil)], pictures: [], width: 160,
      height: 90, columns: 5, rows: 2, durationSeconds: nil, log: ["a"])
    #expect(try carried(moments) == moments)
    #expect(throws: MalformedMessage.self) {
      try carried(Moments(moments: [], pictures: [], width: 1, height: 1, durationSeconds: nil))
    }
    #expect(throws: MalformedMessage.self) {
      try carried(
        Moments(moments: [Moments.Moment(seconds: -1, score: nil)], pictures: [], width: 1, height: 1, durationSeconds: nil))
    }
  }
}
