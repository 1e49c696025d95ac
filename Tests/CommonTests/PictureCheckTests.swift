import Testing

@testable import DecoderClient
@testable import Decoding

/// What a worker checks of the pictures a decoder hands over.
@Suite struct PictureCheckTests {
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
    for number in 0..<2 {
      var damaged = Self.jpeg
      damaged[number] ^= 1
      #expect(PictureFile.size(of: damaged, .jpeg) == nil)
    }
    let page = Array("<script>".utf8)
    // Behind the end, in a comment, in another program's segment, behind an end among the data.
    #expect(PictureFile.size(of: Self.jpeg + page, .jpeg) == nil)
    #expect(PictureFile.size(of: Self.jpeg + page + [0xff, 0xd9], .jpeg) == nil)
    for marker: UInt8 in [0xfe, 0xe0, 0xe1, 0xef] {
      let segment = [0xff, marker, 0, UInt8(page.count + 2)] + page
      #expect(PictureFile.size(of: Self.jpeg[..<2] + segment + Self.jpeg[2...], .jpeg) == nil)
    }
    // Two frames.
    #expect(PictureFile.size(of: Array(Self.jpeg[..<22]) + Self.jpeg[8...], .jpeg) == nil)
    var webp = Self.webp
    #expect(PictureFile.size(of: webp, .webp).map { [$0.width, $0.height] } == [64, 36])
    for number in Array(0..<20) + [23, 24, 25] {
      var damaged = webp
      damaged[number] ^= 0x80
      #expect(PictureFile.size(of: damaged, .webp) == nil)
    }
    webp.append(0)
    #expect(PictureFile.size(of: webp, .webp) == nil)
    // Another chunk behind the frame's.
    webp += Array("EXIF".utf8) + [1, 0, 0, 0, 7]
    webp[4] = UInt8(webp.count - 8)
    #expect(PictureFile.size(of: webp, .webp) == nil)
    #expect(PictureFile.size(of: Self.avif, .avif).map { [$0.width, $0.height] } == [64, 36])
    #expect(PictureFile.size(of: Self.avif + Self.box("free", Array("<script>".utf8)), .avif) == nil)
    for number in Self.avif.indices where Self.avif[number] != 0 {
      var damaged = Self.avif
      damaged[number] = 0xff
      let size = PictureFile.size(of: damaged, .avif)
      #expect(size == nil || size?.width ?? 0 > 0)
      if 4..<12 ~= number { #expect(size == nil) }
    }
  }

  @Test("a file that ends early, or lies of a length, harms nobody", arguments: ImageFormat.allCases)
  func damagedFiles(format: ImageFormat) {
    let whole =
      switch format {
      case .jpeg: Self.jpeg
      case .webp: Self.webp
      case .avif: Self.avif
      }
    for count in whole.indices { #expect(PictureFile.size(of: Array(whole.prefix(count)), format) == nil) }
    for number in whole.indices {
      for value: UInt8 in [0, 1, 7, 0xff] {
        var damaged = whole
        damaged[number] = value
        _ = PictureFile.size(of: damaged, format)
      }
    }
  }

  private static func box(_ type: String, _ body: [UInt8]) -> [UInt8] {
    [0, 0, 0, UInt8(body.count + 8)] + Array(type.utf8) + body
  }

  static let webp: [UInt8] =
    Array("RIFF".utf8) + [22, 0, 0, 0] + Array("WEBPVP8 ".utf8) + [10, 0, 0, 0, 0x30, 1, 0, 0x9d, 1, 0x2a, 64, 0, 36, 0]

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
    for (width, height): (UInt8, UInt8) in [(128, 72), (128, 50), (50, 72)] {
      var other = check
      try other.add(Self.jpeg(width, height))
      #expect(throws: MalformedMessage.self) { try Self.widths(other) }
    }
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
    var other = check
    for _ in 0..<2 { try check.add(Self.jpeg(128, 72)) }
    #expect(throws: MalformedMessage.self) { try Self.widths(check) }
    // Its longer side makes the name of its object.
    for height: UInt8 in [72, 70] { try other.add(Self.jpeg(128, height)) }
    #expect(throws: MalformedMessage.self) { try Self.widths(other) }
  }

  @Test func aThumbnailIsOfTheShapeTheFormatAndTheTaskAskedFor() throws {
    var options = ThumbnailOptions()
    options.sizes = [128]
    options.aspectRatio = .landscape
    options.formats = [.avif, .jpeg]
    var check = Self.check(options)
    var portrait = check
    try portrait.add(Self.jpeg(72, 128))
    #expect(throws: MalformedMessage.self) { try Self.widths(portrait, .portrait) }
    try check.add(EncodedPicture(bytes: Self.avif, width: 64, height: 36, format: .avif))
    #expect(throws: MalformedMessage.self) { try Self.widths(check) }
    check = Self.check(options, .candidates(3))
    try check.add(Self.jpeg(128, 72))
    #expect(throws: MalformedMessage.self) { try Self.widths(check) }
  }

  @Test(
    "the size of a moment's picture, columns and rows of a sheet, and whether they fit what was asked for",
    arguments: [
      (DecodingTask.candidates(2), 64, 1, 1, true), (.candidates(2), 32, 2, 1, false), (.storyboard(2), 32, 2, 1, true),
      (.candidates(2), 80, 1, 1, false), (.storyboard(2), 80, 1, 1, false),
    ])
  func momentsAreWhatWasAskedFor(task: DecodingTask, side: Int, columns: Int, rows: Int, fits: Bool) throws {
    var options = ThumbnailOptions()
    options.sizes = [64]
    for (width, height) in [(side, side / 2), (side / 2, side)] {
      var check = Self.check(options, task)
      try check.add(Self.jpeg(UInt8(width * columns), UInt8(height * rows)))
      let moments = Moments(
        moments: (0..<columns * rows).map { Moments.Moment(seconds: Double($0), score: nil) }, pictures: [], width: width,
        height: height, columns: columns, rows: rows, durationSeconds: 9)
      #expect((try? check.complete(moments))?.pictures.count == (fits ? 1 : nil))
    }
  }

  private static func check(_ options: ThumbnailOptions, _ task: DecodingTask = .thumbnail) -> PictureCheck {
    PictureCheck(DecodingJob(task, limits: MediaLimits(), options: options, seconds: 1, size: nil))
  }

  private static func widths(_ check: PictureCheck, _ aspect: AspectRatio = .landscape) throws -> [Int] {
    var thumbnail = Thumbnail(
      pictures: [], placeholder: Placeholder(thumbHash: [7, 8], dominantColour: 0xaabbcc), aspectRatio: aspect,
      timestampSeconds: 0, durationSeconds: nil,
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
}
