internal import Decoding
internal import Glibc

/// Reads the head of a Matroska or WebM file (RFC 9559) up to the tracks: how many there are, and what the video tracks tell of cropping
/// (`PixelCrop…`), rotation (`Projection`) and whether they are to be shown at all (`FlagEnabled`).
struct MatroskaTracks {
  /// The number of tracks of every kind.
  private(set) var count = 0
  /// The hints of the video tracks, in their order.
  private(set) var videos: [TrackHint] = []
  /// Where the first cluster begins; nil if it does not come right after the elements read here.
  private(set) var firstCluster: Int64?
  /// When the first cluster begins, in seconds; nil if that is before second 1, since a little sound may come before the picture.
  private(set) var firstSeconds: Double?
  /// Whether libavformat wrote the file. Its duration is then the time at which the last picture ends, whenever the first one begins.
  private(set) var isByLavf = false

  /// The range of the attachments (usually fonts) if they are so large that they should not be read, as libavformat would.
  private(set) var attachments: Range<Int64>?

  /// What to change in the file before libavformat reads it.
  private(set) var changes: [(place: Int64, bytes: [UInt8])] = []

  private var reader: EBMLReader

  /// From this number of bytes on, attachments are not read.
  private static let manyAttached = 4 << 20
  /// The most bytes of a list of tracks.
  private static let maximumBytes: Int64 = 8 << 20
  private static let late = 1.0

  private enum ID {
    static let head: Int64 = 0x1A45_DFA3
    static let segment: Int64 = 0x1853_8067
    static let tracks: Int64 = 0x1654_AE6B
    static let cluster: Int64 = 0x1F43_B675
    static let attachments: Int64 = 0x1941_A469
    static let seekHead: Int64 = 0x114D_9B74
    static let seekID: Int64 = 0x53AB
    static let seekPosition: Int64 = 0x53AC
    static let checksum: Int64 = 0xBF
    static let time: Int64 = 0xE7
    static let info: Int64 = 0x1549_A966
    static let scale: Int64 = 0x2A_D7B1
    static let muxer: Int64 = 0x4D80
    static let entry: Int64 = 0xAE
    static let type: Int64 = 0x83
    static let codec: Int64 = 0x86
    static let enabled: Int64 = 0xB9
    static let video: Int64 = 0xE0
    static let width: Int64 = 0xB0
    static let height: Int64 = 0xBA
    static let displayWidth: Int64 = 0x54B0
    static let displayHeight: Int64 = 0x54BA
    static let cropBottom: Int64 = 0x54AA
    static let cropTop: Int64 = 0x54BB
    static let cropLeft: Int64 = 0x54CC
    static let cropRight: Int64 = 0x54DD
    static let projection: Int64 = 0x7670
    static let projectionType: Int64 = 0x7671
    static let yaw: Int64 = 0x7673
    static let roll: Int64 = 0x7675
  }

  /// - Returns: nil for other kinds of files.
  init?(in source: any ByteSource) throws {
    reader = EBMLReader(source)
    guard let head = try reader.element(at: 0), head.id == ID.head, let body = head.body,
      let segment = try reader.element(at: body.upperBound), segment.id == ID.segment
    else { return nil }
    var offset = segment.start
    var secondsPerTick = 1e-3
    while let part = try reader.element(at: offset) {
      if part.id == ID.cluster {
        firstCluster = offset
        let seconds = Double(try time(ofCluster: part.start) ?? 0) * secondsPerTick
        if seconds >= Self.late { firstSeconds = seconds }
      }
      guard part.id != ID.cluster, let body = part.body else { return }
      if part.id == ID.seekHead { try findAttachments(body, in: segment.start) }
      if part.id == ID.info {
        for detail in try reader.children(of: body) {
          if detail.id == ID.scale { secondsPerTick = Double(try reader.integer(detail)) / 1e9 }
          if detail.id == ID.muxer { isByLavf = try reader.text(detail).hasPrefix("Lavf") }
        }
      }
      if part.id == ID.tracks {
        guard body.upperBound - body.lowerBound <= Self.maximumBytes else { return }
        for entry in try reader.children(of: body) where entry.id == ID.entry {
          count += 1
          if let body = entry.body { try look(at: body) }
        }
      }
      offset = body.upperBound
    }
  }

  /// Finds the attachments by the seek head: they are before the clusters, or after them if they were added later.
  private mutating func findAttachments(_ seekHead: Range<Int64>, in segment: Int64) throws {
    for entry in try reader.children(of: seekHead) {
      let parts = try entry.body.map { try reader.children(of: $0) } ?? []
      guard let id = parts.first(where: { $0.id == ID.seekID }), try reader.integer(id) == ID.attachments,
        let told = parts.first(where: { $0.id == ID.seekPosition })
      else { continue }
      let place = segment + min(try reader.integer(told), ReadRequest.furthest)
      guard let found = try reader.element(at: place), found.id == ID.attachments, let body = found.body,
        body.count > Self.manyAttached
      else { continue }
      attachments = place..<body.upperBound
    }
  }

  /// When a cluster begins, in ticks. The time is its first element, or the one after a checksum.
  private mutating func time(ofCluster start: Int64) throws -> Int64? {
    var first = try reader.element(at: start)
    if first?.id == ID.checksum, let end = first?.body?.upperBound { first = try reader.element(at: end) }
    return try first.flatMap { $0.id == ID.time ? try reader.integer($0) : nil }
  }

  private mutating func look(at entry: Range<Int64>) throws {
    var hint = TrackHint()
    var isVideo = false
    for part in try reader.children(of: entry) {
      switch part.id {
      case ID.type: isVideo = try reader.number(part) == 1
      case ID.codec:
        hint.codecName = try reader.text(part)
      case ID.enabled: hint.isEnabled = try reader.number(part) != 0
      case ID.video:
        var numbers: [Int64: Int] = [:]
        for detail in try part.body.map({ try reader.children(of: $0) }) ?? [] {
          numbers[detail.id] = try reader.number(detail)
          if detail.id == ID.projection { try look(atProjection: detail, &hint) }
        }
        hint.crop = CropBox(
          left: numbers[ID.cropLeft] ?? 0, top: numbers[ID.cropTop] ?? 0, right: numbers[ID.cropRight] ?? 0,
          bottom: numbers[ID.cropBottom] ?? 0)
        hint.pixelAspects = Self.pixelAspects(hint.crop, numbers)
      default: break
      }
    }
    if isVideo { videos.append(hint) }
  }

  private static func pixelAspects(_ crop: CropBox, _ numbers: [Int64: Int]) -> [Double] {
    guard crop != CropBox(), let width = numbers[ID.width], let height = numbers[ID.height] else { return [] }
    guard let across = numbers[ID.displayWidth], let down = numbers[ID.displayHeight], across > 0, down > 0 else { return [1] }
    let left = crop.size(ofWidth: width, height: height)
    return [
      Double(across * left.height) / Double(down * left.width), Double(across * height) / Double(down * width),
    ]
  }

  /// Reads the rotation of a flat picture, told as a pose: yaw of half a turn mirrors it, then roll turns it counter-clockwise.
  private mutating func look(atProjection projection: EBMLReader.Element, _ hint: inout TrackHint) throws {
    var (yaw, roll) = (0.0, 0.0)
    for part in try projection.body.map({ try reader.children(of: $0) }) ?? [] {
      switch part.id {
      case ID.projectionType where try reader.number(part) != 0:
        hint.isAllRound = true
        // libavformat refuses a cube, and a sphere of which only a part is told, unless all the rest is as it expects. A mesh it passes over.
        if let end = part.body?.upperBound { changes.append((end - 1, [Self.mesh])) }
        return
      case ID.yaw: yaw = try reader.real(part)
      case ID.roll: roll = try reader.real(part)
      default: break
      }
    }
    guard (-360...360).contains(roll) else { return }
    let (across, down) = (65536 * cos(roll * .pi / 180), 65536 * sin(roll * .pi / 180))
    let mirror = abs(yaw) == 180 ? -1.0 : 1
    let matrix = [mirror * across, -mirror * down, 0, down, across, 0, 0, 0, 1]
    hint.orientation = Orientation(displayMatrix: matrix.map { Int32($0) })
  }

  private static let mesh: UInt8 = 3
}
