internal import Decoding

/// A photograph with a video of the moment behind it, as telephones take them: Android's Motion Photo 1.0, Micro Video before it, and Samsung's
/// own files, which have a directory of what is behind the picture.
enum MotionPhoto {
  /// How much of a photograph is searched for what is told of the video.
  private static let range = 128 * 1024
  private static let jpeg: [UInt8] = [0xff, 0xd8, 0xff]
  /// The most boxes of a photograph in HEIF.
  private static let boxes = 32
  /// The most parts of a JPEG.
  private static let parts = 8
  /// After which words a JPEG's metadata (XMP) tells how long the video is, or another part of the file.
  private static let words = ["MicroVideoOffset", "Item:Length"]

  /// The most parts that Samsung's directory names.
  private static let records = 64

  /// Where the video begins; nil for other files.
  static func video(in source: any ByteSource) throws -> Int64? {
    guard let size = source.size else { return nil }
    let head = try source.upTo(8, at: 0)
    if head.starts(with: jpeg) { return try named(in: source, size: size) ?? recorded(in: source, size: size) }
    guard head.dropFirst(4).elementsEqual("ftyp".utf8) else { return nil }
    return try boxed(in: source, size: size) ?? recorded(in: source, size: size)
  }

  /// Where a JPEG's metadata says that it begins. It reaches to the end.
  private static func named(in source: any ByteSource, size: Int64) throws -> Int64? {
    let text = String(decoding: try source.upTo(range, at: 0), as: UTF8.self)
    for word in words {
      for told in text.split(separator: word).dropFirst().prefix(parts) {
        // As an attribute or an element.
        guard let length = Int64(told.prefix(24).drop { !$0.isNumber }.prefix { $0.isNumber }), length <= size else { continue }
        if LeadingJunk.begins(at: 0, in: try source.upTo(16, at: size - length)) { return size - length }
      }
    }
    return nil
  }

  /// In HEIF, the video is in a box of its own (`mpvd`).
  private static func boxed(in source: any ByteSource, size: Int64) throws -> Int64? {
    var offset: Int64 = 0
    for _ in 0..<boxes {
      guard let box = try BoxHeader.read(at: offset, in: source) else { return nil }
      let body = box.body ?? offset + 8..<size
      if box.type == "mpvd" { return body.lowerBound }
      offset = body.upperBound
    }
    return nil
  }

  /// Where Samsung's directory at the end (`SEFH`…`SEFT`) says that it begins. The directory tells of each part how far before it that begins;
  /// a part has its name before it. All numbers are little-endian.
  private static func recorded(in source: any ByteSource, size: Int64) throws -> Int64? {
    func number(_ bytes: [UInt8], _ offset: Int) -> Int64 { Array(bytes[offset..<offset + 4].reversed()).bigEndian(0..<4) }
    let end = try source.upTo(8, at: max(0, size - 8))
    guard end.count == 8, end.suffix(4).elementsEqual("SEFT".utf8) else { return nil }
    let length = number(end, 0)
    let start = size - 8 - length
    guard (12...Int64(12 + 12 * records)).contains(length), start > 0 else { return nil }
    let directory = try source.upTo(Int(length), at: start)
    guard directory.count == length, directory.starts(with: "SEFH".utf8) else { return nil }
    let name = Array("MotionPhoto_Data".utf8)
    // The kind of a part is told in the directory, too, so that only videos are looked at.
    for entry in stride(from: 12, through: directory.count - 12, by: 12) where directory[entry + 2..<entry + 4] == [0x30, 0x0a]
    {
      let part = start - number(directory, entry + 4)
      guard part > 0 else { continue }
      let body = part + 8 + Int64(name.count)
      if try source.upTo(8 + name.count, at: part).dropFirst(8).elementsEqual(name),
        LeadingJunk.begins(at: 0, in: try source.upTo(16, at: body))
      {
        return body
      }
    }
    return nil
  }
}
