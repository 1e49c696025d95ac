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
    let picture = try carried(Picture(thumbnail: Self.thumbnail, log: [])).thumbnail
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

  @Test func absurdNumbersAreCut() throws {
    let moments = Moments(
      moments: [Moments.Moment(seconds: 1, score: -1e300)], pictures: [], width: 160, height: 90, durationSeconds: 1e300)
    #expect(try carried(moments).durationSeconds == 1e12)
    #expect(try carried(moments).moments[0].score == -1e12)
    let endless = Moments(
      moments: [Moments.Moment(seconds: 1, score: .infinity)], pictures: [], width: 160, height: 90, durationSeconds: nil)
    #expect(throws: MalformedMessage.self) { try carried(endless) }
  }

  /// A table, a start of frame and a scan.
  static let jpeg: [UInt8] = [
    0xff, 0xd8, 0xff, 0xdb, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 36, 0, 64, 1, 1, 0x11, 0, 0xff, 0xda, 0, 2, 1, 0xff, 0, 2,
    0xff, 0xd9,
  ]

  @Test func picturesAreWhatTheySay() {
    #expect(PictureFile.size(of: Self.jpeg, .jpeg).map { [$0.width, $0.height] } == [64, 36])
    #expect(PictureFile.size(of: Self.jpeg.dropLast(), .jpeg) == nil)
    #expect(PictureFile.size(of: Self.jpeg, .webp) == nil)
    #expect(PictureFile.size(of: [0xff, 0xd8, 0xff, 0xda, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xd9], .jpeg) == nil)
    let page = Array("<script>".utf8)
    // Behind the end, in a comment, in another program's segment, behind an end among the data.
    #expect(PictureFile.size(of: Self.jpeg + page, .jpeg) == nil)
    #expect(PictureFile.size(of: Self.jpeg + page + [0xff, 0xd9], .jpeg) == nil)
    for marker: UInt8 in [0xfe, 0xe0, 0xe1, 0xef] {
      let segment = [0xff, marker, 0, UInt8(page.count + 2)] + page
      #expect(PictureFile.size(of: Self.jpeg[..<2] + segment + Self.jpeg[2...], .jpeg) == nil)
    }
    var webp =
      Array("RIFF".utf8) + [22, 0, 0, 0] + Array("WEBPVP8 ".utf8) + [10, 0, 0, 0, 0x30, 1, 0, 0x9d, 1, 0x2a, 64, 0, 36, 0]
    #expect(PictureFile.size(of: webp, .webp).map { [$0.width, $0.height] } == [64, 36])
    webp.append(0)
    #expect(PictureFile.size(of: webp, .webp) == nil)
    // Another chunk behind the frame's.
    webp += Array("EXIF".utf8) + [1, 0, 0, 0, 7]
    webp[4] = UInt8(webp.count - 8)
    #expect(PictureFile.size(of: webp, .webp) == nil)
    #expect(PictureFile.size(of: Self.avif, .avif).map { [$0.width, $0.height] } == [64, 36])
    #expect(PictureFile.size(of: Self.avif.dropLast(), .avif) == nil)
    #expect(PictureFile.size(of: Self.avif + Self.box("free", Array("<script>".utf8)), .avif) == nil)
    for number in Self.avif.indices where Self.avif[number] != 0 {
      var damaged = Self.avif
      damaged[number] = 0xff
      let size = PictureFile.size(of: damaged, .avif)
      #expect(size == nil || size?.width ?? 0 > 0)
    }
  }

  private static func box(_ type: String, _ body: [UInt8]) -> [UInt8] {
    [0, 0, 0, UInt8(body.count + 8)] + Array(type.utf8) + body
  }

  /// The boxes that tell its extent.
  static let avif: [UInt8] =
    box("ftyp", Array("avif".utf8) + [0, 0, 0, 0])
    + box("meta", [0, 0, 0, 0] + box("iprp", box("ipco", box("ispe", [0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 36]))))
    + box("mdat", [1, 2, 3])

  /// What `jpeg` is, in another size.
  private static func jpeg(_ width: UInt8, _ height: UInt8) -> EncodedPicture {
    var bytes = jpeg
    (bytes[14], bytes[16]) = (height, width)
    return EncodedPicture(bytes: bytes, width: Int(width), height: Int(height), format: .jpeg)
  }

  @Test func onlyThePicturesAskedForAreTaken() throws {
    var options = ThumbnailOptions()
    options.sizes = [128, 64]
    options.aspectRatio = .landscape
    var check = Self.check(options)
    #expect(throws: MalformedMessage.self) { try Self.widths(check) }
    try check.add(Self.jpeg(128, 72))
    #expect(try Self.widths(check) == [128])
    #expect(throws: MalformedMessage.self) { try Self.widths(check, .portrait) }
    #expect(throws: MalformedMessage.self) {
      try check.add(EncodedPicture(bytes: Self.avif, width: 64, height: 36, format: .avif))
    }
    #expect(throws: MalformedMessage.self) {
      try check.add(EncodedPicture(bytes: Self.jpeg, width: 65, height: 36, format: .jpeg))
    }
    let long = Array(Self.jpeg.dropLast(2)) + [UInt8](repeating: 1, count: 20_000) + [0xff, 0xd9]
    #expect(throws: MalformedMessage.self) {
      try check.add(EncodedPicture(bytes: long, width: 64, height: 36, format: .jpeg))
    }
    try check.add(Self.jpeg(64, 36))
    #expect(try Self.widths(check) == [128, 64])
    #expect(throws: MalformedMessage.self) { try check.add(Self.jpeg(62, 34)) }
  }

  @Test func aPictureLargerThanAnyAskedForIsRefused() throws {
    var options = ThumbnailOptions()
    options.sizes = [64]
    var check = Self.check(options)
    #expect(throws: MalformedMessage.self) { try check.add(Self.jpeg(128, 72)) }
    // Within the pixels of all pictures together, but larger than the largest.
    options.sizes = [100, 90]
    check = Self.check(options)
    try check.add(Self.jpeg(128, 72))
    #expect(throws: MalformedMessage.self) { try Self.widths(check) }
  }

  @Test(arguments: [DecodingTask.candidates(3), .storyboard(3)])
  func picturesNobodyHasRoomForAreRefusedAsTheyCome(task: DecodingTask) throws {
    var options = ThumbnailOptions()
    options.sizes = [64]
    var check = Self.check(options, task)
    #expect(throws: MalformedMessage.self) { for _ in 0..<3 { try check.add(Self.jpeg(254, 254)) } }
  }

  @Test func aPictureThatComesTwiceIsRefused() throws {
    var options = ThumbnailOptions()
    options.sizes = [128, 64]
    var check = Self.check(options)
    for _ in 0..<2 { try check.add(Self.jpeg(128, 72)) }
    #expect(throws: MalformedMessage.self) { try Self.widths(check) }
  }

  private static func check(_ options: ThumbnailOptions, _ task: DecodingTask = .thumbnail) -> PictureCheck {
    PictureCheck(DecodingJob(task, limits: MediaLimits(), options: options, seconds: 1, size: nil))
  }

  private static func widths(_ check: PictureCheck, _ aspect: AspectRatio = .landscape) throws -> [Int] {
    var thumbnail = Thumbnail(
      pictures: [], placeholder: Self.thumbnail.placeholder, aspectRatio: aspect, timestampSeconds: 0, durationSeconds: nil,
      score: nil, candidates: 1, rejected: [:], isDegraded: false, note: nil, packetBytes: 0, container: "", codec: "",
      sourceWidth: 1, sourceHeight: 1, stageMilliseconds: [:])
    thumbnail = try check.complete(thumbnail)
    return thumbnail.pictures.map(\.width)
  }

  @Test(arguments: [
    // How many moments, columns and rows of a sheet, the sheets' sizes, and whether that fits.
    (3, 2, 2, [(128, 72)], true), (5, 2, 2, [(128, 72), (128, 36)], true), (4, 2, 2, [(128, 72)], true),
    (3, 2, 2, [(128, 36)], false), (5, 2, 2, [(128, 72)], false), (3, 2, 2, [(64, 72)], false),
    (6, 2, 2, [(128, 72), (128, 36)], false),
  ])
  func sheetsHoldWhatTheySay(count: Int, columns: Int, rows: Int, sheets: [(Int, Int)], fits: Bool) throws {
    var options = ThumbnailOptions()
    options.sizes = [64]
    var check = Self.check(options, .storyboard(5))
    for (width, height) in sheets { try check.add(Self.jpeg(UInt8(width), UInt8(height))) }
    let moments = Moments(
      moments: (0..<count).map { Moments.Moment(seconds: Double($0), score: nil) }, pictures: [], width: 64, height: 36,
      columns: columns, rows: rows, durationSeconds: 9)
    #expect((try? check.complete(moments))?.pictures.count == (fits ? sheets.count : nil))
    #expect(throws: MalformedMessage.self) { try Self.check(options).complete(moments) }
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

  @Test(arguments: [
    (31, DecoderDown.Way.forbiddenCall, false), (11, .crash(11), false), (24, .processorTime, false), (9, .killed, true),
    (7 << 8, .endedEarly(7), false), (0x86, .crash(6), false),
  ])
  func everyEndHasItsName(status: Int32, way: DecoderDown.Way, isRetryable: Bool) {
    let down = DecoderDown(status: status)
    #expect(down.way == way)
    #expect(down.isRetryable == isRetryable)
    #expect(down.failureClass == .media)
    #expect(!down.description.isEmpty)
  }
}
