internal import CLibAV
internal import Decoding

/// What a file is that is no video we read, by its first bytes: most often a server's answer that is not what was meant.
struct ForeignFile {
  /// As many bytes as are looked at: a tape archive says what it is at 257.
  private static let head = 2048

  /// Where a disc's image says what it is, and what that is (ECMA-119, 8.1 and ECMA-167, 2/9.1): what is before is most often zeroes.
  private static let disc: (place: Int64, words: [String]) = (32_769, ["CD001", "BEA01"])

  let bytes: [UInt8]
  private let isDisc: Bool

  init(_ bytes: [UInt8], isDisc: Bool = false) {
    self.bytes = Array(bytes.prefix(Self.head))
    self.isDisc = isDisc
  }

  init(_ source: any ByteSource) throws {
    let word = String(decoding: try source.upTo(5, at: Self.disc.place), as: UTF8.self)
    self.init(try source.upTo(Self.head, at: 0), isDisc: Self.disc.words.contains(word))
  }

  /// A sentence about what can be told for certain: not to be searched for a video inside; nil for anything else.
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
    }
  }

  /// Whether it begins as a still picture.
  var isPicture: Bool { signature?.kind == .picture }

  private var signature: Signature? { Self.signatures.first { $0.matches(bytes) } }

  /// A sentence; nil where nobody knows what it is.
  var sentence: String? { certainty ?? part ?? text ?? container }

  /// Parts of videos.
  private var part: String? {
    if !bytes.isEmpty, bytes.allSatisfy({ $0 == 0 }) {
      return "the file begins with nothing but zeroes: an upload that broke off, say"
    }
    guard bytes.count >= 8 else { return nil }
    if hasBeenText { return LineEnds.sentence(what: "UTF-8") }
    switch String(decoding: bytes[4..<8], as: UTF8.self) {
    case "styp", "moof", "sidx", "emsg":
      return
        "the file is a media segment of a stream (DASH, HLS) without its initialisation segment: the URL of the whole video is needed"
    case "ftyp": return "the file ends before its index (moov): it is damaged, or its upload broke off"
    default: return nil
    }
  }

  /// Whether all of it is well-formed UTF-8, which the bytes of a video are not by chance: what is not ASCII became two bytes each, or the sign
  /// for what is no letter.
  private var hasBeenText: Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    // The last letter may be cut in two.
    let length = text.utf8.count - 3
    guard hasControls, length > 0, text.utf8.prefix(length).elementsEqual(bytes.prefix(length)) else { return false }
    return text.unicodeScalars.count { !$0.isASCII } >= Self.convertedLetters
  }

  /// Bytes that stand in no text.
  var hasControls: Bool { bytes.contains { $0 < 0x20 && !(0x09...0x0d).contains($0) } }

  /// Letters beyond ASCII by which a conversion is known.
  private static let convertedLetters = 16

  /// What libavformat takes it for (`av_probe_input_format3`), on our list or not.
  private var container: String? {
    // libavformat reads beyond the end of what it probes.
    var padded = bytes + [UInt8](repeating: 0, count: Int(AVPROBE_PADDING_SIZE))
    return unsafe padded.withUnsafeMutableBufferPointer { buffer in
      var data = unsafe AVProbeData()
      unsafe data.buf = buffer.baseAddress
      unsafe data.buf_size = Int32(bytes.count)
      var score: Int32 = 0
      guard let format = unsafe av_probe_input_format3(&data, 1, &score), score > AVPROBE_SCORE_MAX / 4 else { return nil }
      let name = unsafe String(cString: format.pointee.name)
      // A picture's reader, of single ones or many in a row.
      if name.hasSuffix("_pipe") { return "the file is a picture (\(name.dropLast(5).uppercased())), not a video" }
      if name == "ico" { return "the file is a picture (ICO), not a video" }
      let longName = unsafe format.pointee.long_name.map { unsafe String(cString: $0) } ?? name
      return AllowList.contains(container: name)
        ? "the file begins as \(longName), and cannot be read: it is damaged, or its upload broke off"
        : "\(longName) files (\(name)) are not read: convert the video, to MP4, say"
    }
  }

  private enum Kind { case archive, compressed, picture, raw, document }

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

  /// A picture with more than one frame says so in the flags that follow.
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
    Signature(.document, "Office", [0xd0, 0xcf, 0x11, 0xe0]),
  ]
}
