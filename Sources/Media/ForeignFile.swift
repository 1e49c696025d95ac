internal import Decoding

/// Tells from its first bytes what a file is that is no video, so that the refusal can say so.
enum ForeignFile {
  /// Bytes that are looked at.
  private static let beginning = 4096

  private static let signs: [(sign: String, sentence: String)] = [
    (
      "#EXTM3U",
      "the file is an HLS playlist, which names the pieces of a video: the URL of a video file is needed (MP4, WebM, …)"
    ),
    ("ffconcat", "the file is a list of files (ffconcat), which is not followed: the URL of a video file is needed"),
    ("%PDF-", "the file is a PDF document"), ("PK\u{3}\u{4}", "the file is a ZIP archive: what is in it is not looked at"),
    ("Rar!", "the file is a RAR archive: what is in it is not looked at"),
    ("7z\u{BC}", "the file is a 7z archive: what is in it is not looked at"),
    ("\u{1F}\u{8B}", "the file is compressed by gzip: it has to be served as it is, or with Content-Encoding"),
    (".RMF", "the file is a RealMedia file, which is not read: convert it, to MP4, say"),
    ("FWS", "the file is a Flash application (SWF), which is no video"),
    ("CWS", "the file is a Flash application (SWF), which is no video"),
    ("8BPS", "the file is a Photoshop document"), ("\u{FF}\u{D8}\u{FF}", "the file is a still picture (JPEG)"),
    ("\u{89}PNG", "the file is a still picture (PNG)"), ("BM", "the file is a still picture (BMP)"),
    ("MM\u{0}*", "the file is a still picture (TIFF)"), ("II*\u{0}", "the file is a still picture (TIFF)"),
    ("d8:announce", "the file is a torrent, which names a video and is none"),
    ("version https://git-lfs", "the file is a Git LFS pointer: the video itself lies elsewhere"),
  ]

  /// - Returns: nil for files of which nothing is known.
  static func sentence(for source: any ByteSource) throws -> String? {
    let bytes = try source.upTo(beginning, at: 0)
    if !bytes.isEmpty, bytes.allSatisfy({ $0 == 0 }) {
      return "the file begins with nothing but zeroes: an upload that broke off, say"
    }
    if let box = boxSentence(bytes) { return box }
    if let known = signs.first(where: { sign in bytes.starts(with: sign.sign.unicodeScalars.map { UInt8($0.value) }) }) {
      return known.sentence
    }
    if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      return "the file is a still picture (WebP)"
    }
    return textSentence(bytes)
  }

  /// Parts and relatives of ISO base media files.
  private static func boxSentence(_ bytes: [UInt8]) -> String? {
    guard bytes.count >= 12 else { return nil }
    let brand = String(decoding: bytes[8..<12], as: UTF8.self)
    switch String(decoding: bytes[4..<8], as: UTF8.self) {
    case "styp", "moof", "sidx", "emsg":
      return
        "the file is a media segment of a stream (DASH, HLS) without its initialisation segment: the URL of the whole video is needed"
    case "ftyp" where ["heic", "heix", "heim", "heis", "mif1", "msf1"].contains(brand):
      return "the file is a still picture (HEIF)"
    case "ftyp": return "the file ends before its index (moov): it is damaged, or its upload broke off"
    default: return nil
    }
  }

  private static func textSentence(_ bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes.drop { [0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }, as: UTF8.self)
      .lowercased()
    if text.hasPrefix("#extm3u") { return signs[0].sentence }
    if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") { return "the file is a web page (HTML), not the video" }
    if text.hasPrefix("<?xml") || text.hasPrefix("<mpd") || text.hasPrefix("<smooth") || text.hasPrefix("<error") {
      if text.contains("<mpd") {
        return
          "the file is a DASH manifest, which names the pieces of a video: the URL of a video file is needed (MP4, WebM, …)"
      }
      if text.contains("<smoothstreamingmedia") {
        return "the file is a Smooth Streaming manifest, which names the pieces of a video: the URL of a video file is needed"
      }
      if text.contains("<html") { return "the file is a web page (HTML), not the video" }
      return "the file is an XML document, an object store's error message, say, not the video"
    }
    if let first = text.first, first == "{" || first == "[", text.contains("\"") {
      return "the file is a JSON document, an error message, say, not the video"
    }
    return nil
  }
}
