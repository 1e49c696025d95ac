internal import CLibAV
internal import Decoding

/// Tells from the first bytes what a file is if it is no video we read: usually a server's answer that nobody intended.
struct ForeignFile {
  /// The number of bytes to look at: the signature of a tape archive is at 257.
  private static let head = 2048

  /// Where the image of a disc has its signature, and the signatures (ECMA-119, 8.1 and ECMA-167, 2/9.1). The bytes before are zeroes,
  /// or start a computer.
  private static let disc: (place: Int64, words: [String]) = (32_769, ["CD001", "BEA01"])

  let bytes: [UInt8]
  private let isDisc: Bool

  init(_ bytes: [UInt8], isDisc: Bool = false) {
    self.bytes = Array(bytes.prefix(Self.head))
    self.isDisc = isDisc
  }

  /// Looks for a disc's signature only if nothing else is known of the file.
  init(_ source: any ByteSource) throws {
    let head = ForeignFile(try source.upTo(Self.head, at: 0))
    let mayBeDisc = head.isEmpty || head.sentence == nil
    let word = mayBeDisc ? try source.upTo(5, at: Self.disc.place) : []
    self.init(head.bytes, isDisc: Self.disc.words.contains(String(decoding: word, as: UTF8.self)))
  }

  /// Whether there are only zeroes.
  var isEmpty: Bool { !bytes.isEmpty && bytes.allSatisfy { $0 == 0 } }

  /// A sentence about a file that is certainly not a video, so that no video needs to be searched for in it; nil for any other.
  var certainty: String? {
    if isDisc { return "the file is an image of a disc (ISO), not a video file" }
    if Self.animatedWebP.matches(bytes), bytes.count > 20, bytes[20] & 2 != 0 {
      return "the file is an animation (WebP), which is not read: convert it, to MP4 or GIF, say"
    }
    guard let found = signature else { return nil }
    switch found.kind {
    case .archive: return "the file is an archive (\(found.name)), not a video file"
    case .compressed: return "the file is compressed (\(found.name)): a video has to be stored as it is"
    case .picture: return "the file is a picture (\(found.name)), not a video"
    case .raw: return "the file is raw data of a camera (\(found.name)), which is not read: convert it, to MP4, say"
    case .document: return "the file is a document (\(found.name)), not a video"
    case .program: return "the file is a program (\(found.name)), not a video"
    case .discIndex: return "the file is an index of a disc (\(found.name)), which names its videos: one of them is needed"
    case .companion: return "the file is what macOS stores beside a video (AppleDouble): the video itself is needed"
    }
  }

  /// Whether it holds other files. If these are stored as they are, libavformat finds a video or photographs in it, which no player does.
  var isEnclosure: Bool { isDisc || signature?.kind == .archive || signature?.kind == .document }

  /// Whether it begins like a still picture.
  var isPicture: Bool { signature?.kind == .picture }

  private var signature: Signature? { Self.signatures.first { $0.matches(bytes) } }

  /// A sentence about the file; nil if it is unknown.
  var sentence: String? { certainty ?? part ?? text ?? container }

  /// A sentence about the file that begins with these bytes. An index that is there, and is damaged itself, is not called missing.
  func sentence(in source: any ByteSource) throws -> String? {
    guard isMovie, try IndexLocation.isWhole(in: source) == true else { return sentence }
    return container
  }

  private var isMovie: Bool { certainty == nil && part == Self.lacksIndex }

  /// The sentence about a file that is a part of a video.
  private var part: String? {
    if isEmpty {
      return "the file begins with nothing but zeroes: an upload that broke off, say"
    }
    guard bytes.count >= 8 else { return nil }
    if hasBeenText { return LineEnds.sentence(what: "UTF-8") }
    if bytes.starts(with: Self.cluster) { return Self.segment }
    switch String(decoding: bytes[4..<8], as: UTF8.self) {
    case "styp", "moof", "sidx", "emsg": return Self.segment
    case "ftyp": return Self.lacksIndex
    default: return nil
    }
  }

  static let lacksIndex = "the file ends before its index (moov): it is damaged, or its upload broke off"
  /// With which a segment in Matroska begins.
  private static let cluster: [UInt8] = [0x1f, 0x43, 0xb6, 0x75]
  private static let segment =
    "the file is a media segment of a stream (DASH, HLS) without its initialisation segment: the URL of the whole video is needed"

  /// Whether all of it is well-formed UTF-8, which a video's bytes never are by chance. A program that took it for a text has turned each
  /// byte beyond ASCII into two bytes or into the replacement character.
  private var hasBeenText: Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    // The last character may be cut off.
    let length = text.utf8.count - 3
    guard hasControls, length > 0, text.utf8.prefix(length).elementsEqual(bytes.prefix(length)) else { return false }
    return text.unicodeScalars.count { !$0.isASCII } >= Self.convertedLetters
  }

  /// Whether there are control characters, which no text contains.
  var hasControls: Bool { bytes.contains { $0 < 0x20 && !(0x09...0x0d).contains($0) } }

  /// From this number of characters beyond ASCII on, the file counts as converted.
  private static let convertedLetters = 16

  /// The format that libavformat detects (`av_probe_input_format3`), whether we read it or not.
  private var container: String? {
    // libavformat reads beyond the end of the bytes that it probes.
    var padded = bytes + [UInt8](repeating: 0, count: Int(AVPROBE_PADDING_SIZE))
    return unsafe padded.withUnsafeMutableBufferPointer { buffer in
      var data = unsafe AVProbeData()
      unsafe data.buf = buffer.baseAddress
      unsafe data.buf_size = Int32(bytes.count)
      var score: Int32 = 0
      guard let format = unsafe av_probe_input_format3(&data, 1, &score), score > AVPROBE_SCORE_MAX / 4 else { return nil }
      let name = unsafe String(cString: format.pointee.name)
      // A demuxer of still pictures, single ones or several in a row.
      if name.hasSuffix("_pipe") { return "the file is a picture (\(name.dropLast(5).uppercased())), not a video" }
      if name == "ico" { return "the file is a picture (ICO), not a video" }
      if Self.sounds.contains(name) { return "the file is sound (\(name.uppercased())), not a video" }
      let longName = unsafe format.pointee.long_name.map { unsafe String(cString: $0) } ?? name
      return AllowList.contains(container: name)
        ? "the file begins as \(longName), and cannot be read: it is damaged, or its upload broke off"
        : "\(longName) files (\(name)) are not read: convert the video, to MP4, say"
    }
  }

  /// libavformat's names of containers for sound alone, which are not read.
  private static let sounds: Set = [
    "aiff", "au", "caf", "ac3", "eac3", "amr", "ape", "dts", "dsf", "mpc", "mpc8", "tak", "tta", "voc", "w64", "wv",
  ]

  private enum Kind { case archive, compressed, picture, raw, document, program, discIndex, companion }

  private struct Signature {
    let kind: Kind
    let name: String
    let offset: Int
    let bytes: [UInt8]

    init(_ kind: Kind, _ name: String, at offset: Int = 0, _ bytes: [UInt8]) {
      self.kind = kind
      self.name = name
      self.offset = offset
      self.bytes = bytes
    }

    init(_ kind: Kind, _ name: String, at offset: Int = 0, _ text: String) {
      self.init(kind, name, at: offset, Array(text.utf8))
    }

    func matches(_ file: [UInt8]) -> Bool {
      file.count >= offset + bytes.count && file[offset..<(offset + bytes.count)].elementsEqual(bytes)
    }
  }

  /// A flag in the byte after this signature says whether the picture has more than one frame.
  private static let animatedWebP = Signature(.picture, "WebP", at: 8, "WEBPVP8X")

  private static let signatures = [
    Signature(.archive, "ZIP", [0x50, 0x4b, 0x03, 0x04]), Signature(.archive, "RAR", "Rar!"),
    Signature(.archive, "7z", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]), Signature(.archive, "tar", at: 257, "ustar"),
    Signature(.compressed, "gzip", [0x1f, 0x8b]), Signature(.compressed, "zstd", [0x28, 0xb5, 0x2f, 0xfd]),
    Signature(.compressed, "xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]), Signature(.compressed, "bzip2", "BZh"),
    Signature(.picture, "JPEG", [0xff, 0xd8, 0xff]), Signature(.picture, "PNG", [0x89, 0x50, 0x4e, 0x47]),
    Signature(.picture, "WebP", at: 8, "WEBP"), Signature(.picture, "AVIF", at: 4, "ftypavi"),
    Signature(.picture, "HEIC", at: 4, "ftyphei"), Signature(.picture, "HEIF", at: 4, "ftypmif1"),
    Signature(.picture, "TIFF", [0x49, 0x49, 0x2a, 0x00]), Signature(.picture, "TIFF", [0x4d, 0x4d, 0x00, 0x2a]),
    Signature(.picture, "JPEG 2000", at: 16, "ftypjp2 "), Signature(.picture, "JPEG XL", at: 4, "JXL "),
    Signature(.picture, "JPEG XL", [0xff, 0x0a]), Signature(.picture, "OpenEXR", [0x76, 0x2f, 0x31, 0x01]),
    Signature(.picture, "DPX", "SDPX"), Signature(.picture, "DPX", "XPDS"),
    Signature(.raw, "Canon", at: 4, "ftypcrx "), Signature(.raw, "R3D", at: 4, "RED1"), Signature(.raw, "R3D", at: 4, "RED2"),
    Signature(.raw, "ARRIRAW", "ARRI"),
    Signature(.picture, "BMP", [0x42, 0x4d]), Signature(.picture, "Photoshop", "8BPS"), Signature(.document, "PDF", "%PDF"),
    Signature(.document, "RTF", [0x7b, 0x5c, 0x72, 0x74, 0x66]),
    Signature(.document, "Office", [0xd0, 0xcf, 0x11, 0xe0]), Signature(.document, "SQLite", "SQLite format 3"),
    Signature(.program, "EXE", "MZ"), Signature(.program, "ELF", [0x7f, 0x45, 0x4c, 0x46]),
    Signature(.discIndex, "IFO", "DVDVIDEO-"), Signature(.discIndex, "MPLS", "MPLS0"),
    Signature(.companion, "AppleDouble", [0x00, 0x05, 0x16, 0x07]),
  ]
}
