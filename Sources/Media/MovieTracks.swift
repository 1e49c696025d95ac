internal import Decoding

/// Reads how many tracks an ISO base media file has, the clean aperture of the video tracks (`clap`, ISO/IEC 14496-12, 12.1.4), and
/// whether a track only belongs to the pictures of another one (8.3.3, 12.1.1).
struct MovieTracks {
  private(set) var count = 0
  /// Fragments may follow (`mvex`, 8.8.1).
  private(set) var tellsFragments = false
  /// When the last fragment ends, in seconds (`mehd`, 8.8.2); nil if the file does not tell.
  private(set) var endSeconds: Double?
  /// The number of the first video track.
  private(set) var firstVideo: Int?
  /// The hints by track number, for tracks that have one.
  private(set) var hints: [Int: TrackHint] = [:]
  /// The descriptions of each video track that has several of different codecs.
  private(set) var descriptions: [SampleDescriptions] = []
  private let source: any ByteSource
  private var boxes = 0

  /// The most boxes to read, since a hostile file may have any number.
  private static let maximumBoxes = 2_000
  /// The size of a sample entry without its boxes, in bytes, including its header.
  private static let entryBytes: Int64 = 86

  /// - Parameter index: the range that contains the `moov` box.
  init(in source: any ByteSource, index: Range<Int64>) throws {
    self.source = source
    guard let movie = try children(of: index).first(where: { $0.type == "moov" })?.body else { return }
    let parts = try children(of: movie)
    if let extends = parts.first(where: { $0.type == "mvex" })?.body {
      tellsFragments = true
      endSeconds = try end(told: extends, scale: parts.first { $0.type == "mvhd" }?.body)
    }
    for track in parts where track.type == "trak" {
      count += 1
      guard let body = track.body, let (number, hint) = try hint(of: body) else { continue }
      hints[number] = hint
    }
  }

  private mutating func end(told extends: Range<Int64>, scale header: Range<Int64>?) throws -> Double? {
    guard let header, let told = try children(of: extends).first(where: { $0.type == "mehd" })?.body else { return nil }
    let (duration, movie) = (try source.upTo(12, at: told.lowerBound), try source.upTo(24, at: header.lowerBound))
    guard duration.count >= 8, movie.count == 24 else { return nil }
    // Version 1 has times of eight bytes.
    let ticks = duration.bigEndian(duration[0] == 1 ? 4..<duration.count : 4..<8)
    let scale = movie.bigEndian(movie[0] == 1 ? 20..<24 : 12..<16)
    return ticks > 0 && scale > 0 ? Double(ticks) / Double(scale) : nil
  }

  /// The number and the hint of a track; nil if its header tells none.
  private mutating func hint(of track: Range<Int64>) throws -> (Int, TrackHint)? {
    let parts = try children(of: track)
    guard let header = parts.first(where: { $0.type == "tkhd" })?.body,
      let media = parts.first(where: { $0.type == "mdia" })?.body
    else { return nil }
    let head = try source.upTo(96, at: header.lowerBound)
    guard head.count >= 84 else { return nil }
    // Version 1 of the header has times of eight bytes.
    let isLong = head[0] == 1
    let number = Int(head.bigEndian(isLong ? 20..<24 : 12..<16))
    let handler = try handler(of: media)
    if handler == "vide" && firstVideo == nil { firstVideo = number }
    if try handler == "auxv" || belongsToAnother(parts) { return (number, TrackHint(isAuxiliary: true)) }
    guard let (types, entry) = try sampleEntry(of: media) else { return nil }
    let boxes = try children(of: entry.lowerBound + Self.entryBytes - 8..<entry.upperBound)
    var hint = TrackHint(mayBeEncrypted: types.contains("encv"))
    hint.isProtected = try types.first == "encv" && !isCommonlyEncrypted(boxes)
    guard let aperture = boxes.first(where: { $0.type == "clap" })?.body else { return (number, hint) }
    let numbers = try source.upTo(32, at: aperture.lowerBound)
    let size = try source.upTo(4, at: entry.lowerBound + 24)
    let sides = isLong ? 88 : 76
    guard numbers.count == 32, size.count == 4, head.count >= sides + 8 else { return (number, hint) }
    let coded = (width: Int(size.bigEndian(0..<2)), height: Int(size.bigEndian(2..<4)))
    guard let crop = Self.crop(numbers, width: coded.width, height: coded.height) else { return (number, hint) }
    let shown = (Double(head.bigEndian(sides..<sides + 4)), Double(head.bigEndian(sides + 4..<sides + 8)))
    let left = crop.size(ofWidth: coded.width, height: coded.height)
    hint.crop = crop
    hint.pixelAspects = try pixelAspects(boxes, shown: shown, left: left)
    return (number, hint)
  }

  /// What kind of track it is (`hdlr`, 8.4.3); empty if the file does not tell.
  private mutating func handler(of media: Range<Int64>) throws -> String {
    guard let handler = try children(of: media).first(where: { $0.type == "hdlr" })?.body else { return "" }
    return String(decoding: try source.upTo(4, at: handler.lowerBound + 8), as: UTF8.self)
  }

  /// Whether a track only belongs to the pictures of another one: some files say so by a reference to that track, others by its handler.
  private mutating func belongsToAnother(_ parts: [BoxHeader]) throws -> Bool {
    guard let references = parts.first(where: { $0.type == "tref" })?.body else { return false }
    return try children(of: references).contains { $0.type == "auxl" }
  }

  /// Whether a sample entry has what libavformat needs to tell which samples are encrypted (`tenc`, ISO/IEC 23001-7, 8.2).
  private mutating func isCommonlyEncrypted(_ boxes: [BoxHeader]) throws -> Bool {
    for protection in boxes where protection.type == "sinf" {
      guard let body = protection.body, let scheme = try children(of: body).first(where: { $0.type == "schi" })?.body else {
        continue
      }
      if try children(of: scheme).contains(where: { $0.type == "tenc" }) { return true }
    }
    return false
  }

  /// The names of the sample entries, and the place of the first; nil if there is none, or it has no room for boxes.
  private mutating func sampleEntry(of media: Range<Int64>) throws -> ([String], Range<Int64>)? {
    guard let information = try children(of: media).first(where: { $0.type == "minf" })?.body else { return nil }
    let parts = try children(of: information)
    guard let samples = parts.first(where: { $0.type == "stbl" })?.body else { return nil }
    let tables = try children(of: samples)
    guard let list = tables.first(where: { $0.type == "stsd" })?.body else { return nil }
    // Version, flags and the number of entries come first.
    let entries = try children(
      of: min(list.lowerBound + 8, list.upperBound)..<list.upperBound, atMost: SampleDescriptions.most)
    if let table = tables.first(where: { $0.type == "stsc" })?.body, parts.contains(where: { $0.type == "vmhd" }),
      Set(entries.map(\.type)).count > 1
    {
      let ranges = entries.compactMap { entry in entry.body.map { $0.lowerBound - 8..<$0.upperBound } }
      descriptions.append(SampleDescriptions(entries: ranges, table: table))
    }
    guard let first = entries.first, let entry = first.body, entry.lowerBound + Self.entryBytes - 8 < entry.upperBound
    else { return nil }
    return (entries.map(\.type), entry)
  }

  /// The shape of a pixel: from the sample entry (`pasp`), else from the size at which the track is shown; empty if neither tells it.
  private func pixelAspects(
    _ boxes: [BoxHeader], shown: (width: Double, height: Double), left: (width: Int, height: Int)
  ) throws -> [Double] {
    if let spacing = boxes.first(where: { $0.type == "pasp" })?.body {
      let ratio = try source.upTo(8, at: spacing.lowerBound)
      return ratio.count == 8 ? [Double(ratio.bigEndian(0..<4)) / Double(ratio.bigEndian(4..<8))] : []
    }
    guard shown.width > 0, shown.height > 0 else { return [] }
    return [shown.width * Double(left.height) / (shown.height * Double(left.width))]
  }

  /// Reads eight numbers: as fractions, the width, the height, and the offsets of the aperture's centre from the picture's centre.
  private static func crop(_ numbers: [UInt8], width: Int, height: Int) -> CropBox? {
    func fraction(_ index: Int) -> Double {
      func number(_ offset: Int) -> Int32 { Int32(truncatingIfNeeded: numbers.bigEndian(offset..<offset + 4)) }
      return Double(number(8 * index)) / Double(number(8 * index + 4))
    }
    func cut(_ side: Int, _ wanted: Double, _ shift: Double) -> (Int, Int)? {
      guard wanted.isFinite, shift.isFinite, wanted >= 1, wanted <= Double(side), abs(shift) <= Double(side) else { return nil }
      let first = ((Double(side) - wanted) / 2 + shift).rounded()
      let rest = Double(side) - wanted.rounded() - first
      return first >= 0 && rest >= 0 ? (Int(first), Int(rest)) : nil
    }
    guard let across = cut(width, fraction(0), fraction(2)), let down = cut(height, fraction(1), fraction(3)) else {
      return nil
    }
    return CropBox(left: across.0, top: down.0, right: across.1, bottom: down.1)
  }

  private mutating func children(of range: Range<Int64>, atMost limit: Int = .max) throws -> [BoxHeader] {
    var found: [BoxHeader] = []
    var offset = range.lowerBound
    while offset + 8 <= range.upperBound, found.count < limit, boxes < Self.maximumBoxes {
      boxes += 1
      guard let box = try BoxHeader.read(at: offset, in: source), let body = box.body, body.upperBound <= range.upperBound
      else { break }
      found.append(box)
      offset = body.upperBound
    }
    return found
  }
}
