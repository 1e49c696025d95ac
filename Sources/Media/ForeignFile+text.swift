extension ForeignFile {
  /// The sentence about a text file: a playlist, a manifest, a message, a page.
  var text: String? {
    guard !bytes.isEmpty, !hasControls else { return nil }
    // The last character may be cut off.
    let text = String(decoding: bytes, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{feff}" }.lowercased()
    guard text.dropLast().unicodeScalars.allSatisfy({ $0 != "\u{fffd}" }) else { return nil }
    if text.hasPrefix("#extm3u") {
      return "the file is an HLS playlist (m3u8), which names parts of a video: the URL of the video itself is needed"
    }
    if text.contains("<mpd") {
      return "the file is a DASH manifest (mpd), which names parts of a video: the URL of the video itself is needed"
    }
    if text.contains("<smoothstreamingmedia") {
      return "the file is a Smooth Streaming manifest, which names parts of a video: the URL of the video itself is needed"
    }
    if text.contains("<html") || Self.beginningsOfPages.contains(where: text.hasPrefix) {
      return "the file is a web page (HTML), not a video file"
    }
    if text.hasPrefix("ffconcat") || text.contains("\nffconcat") || text.hasPrefix("file '") {
      return "the file is a list of files (ffconcat), which is not followed: the URL of a video file is needed"
    }
    if text.hasPrefix("version https://git-lfs") { return "the file is a Git LFS pointer: the video itself lies elsewhere" }
    if text.hasPrefix("d8:announce") { return "the file is a torrent, which names a video and is none" }
    if ["[reference]", "[internetshortcut]", "[playlist]", "<asx"].contains(where: text.hasPrefix) {
      return "the file is a shortcut or a list that names a video: the URL of the video itself is needed"
    }
    if isJSON(text) {
      return "the file is JSON, most likely a server's message, not a video file"
    }
    if text.hasPrefix("data:"), text.contains(";base64,") {
      return "the file is a data URI, a video written as text: the video itself has to be stored"
    }
    // PostgreSQL's form of bytea, `\x…`, is recognised, too.
    if text.utf8.count >= Self.base64Bytes,
      text.dropFirst(text.hasPrefix("\\x") ? 2 : 0).allSatisfy({ $0.isHexDigit || $0.isNewline })
    {
      return "the file is hexadecimal, a video written as text: the video itself has to be stored"
    }
    if text.utf8.count >= Self.base64Bytes, bytes.allSatisfy(Self.isBase64) {
      return "the file is base64, a video written as text: the video itself has to be stored"
    }
    if text.contains("<svg") { return "the file is a picture (SVG), not a video" }
    if text.hasPrefix("<?xml") || text.hasPrefix("<") {
      return "the file is XML, most likely a server's message, not a video file"
    }
    return "the file is a text, not a video file"
  }

  /// Browsers take what begins so for a page, and some servers leave the rest out of their messages.
  private static let beginningsOfPages = ["<!doctype html", "<head", "<title", "<body", "<script", "<h1", "<p>", "<br"]

  /// So many bytes are not just a word of a message.
  private static let base64Bytes = 64

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), 0x0a, 0x0d: true
    default: false
    }
  }

  /// The first two characters decide, since settings and subtitles begin with brackets, too.
  private func isJSON(_ text: String) -> Bool {
    guard let first = text.first, let next = text.dropFirst().first(where: { !$0.isWhitespace }) else { return false }
    return first == "{" && "\"}".contains(next) || first == "[" && "{[\"]-0123456789".contains(next)
  }
}
