import Testing

@testable import Media

@Suite struct ForeignFileTests {
  static let files: [(String, String)] = [
    ("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n", "HLS playlist (m3u8)"),
    ("\u{feff}#EXTM3U\r\n", "HLS playlist (m3u8)"),
    ("<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"></MPD>", "DASH manifest (mpd)"),
    ("<SmoothStreamingMedia MajorVersion=\"2\">", "Smooth Streaming"),
    (" {\"error\":{\"code\":403}}", "JSON"), ("[]", "JSON"),
    ("<!DOCTYPE html><html>", "web page"), ("\n<HTML><head>", "web page"),
    ("<head><title>404</title></head>", "web page"), ("<br />\n<b>Warning</b>:", "web page"),
    ("<script>location='/'</script>", "web page"),
    ("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "XML"),
    ("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "picture (SVG)"),
    ("ffconcat version 1.0\n", "ffconcat"), ("# mine\nffconcat version 1.0\n", "ffconcat"), ("file 'a.mp4'\n", "ffconcat"),
    ("[Reference]\r\nRef1=http://x/a.wmv\r\n", "a shortcut"), ("[InternetShortcut]\nURL=http://x\n", "a shortcut"),
    ("version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
    ("d8:announce35:", "torrent"),
    ("Not found", "a text"), ("找不到文件", "a text"),
    ("PK\u{3}\u{4}", "archive (ZIP)"), ("Rar!\u{1a}\u{7}", "archive (RAR)"), ("BZh91AY", "compressed (bzip2)"),
    ("%PDF-1.7", "document (PDF)"),
    (String(repeating: "n", count: 257) + "ustar", "archive (tar)"), ("RIFF1234WEBPVP8 ", "picture (WebP)"),
    ("\0\0\0\u{1c}ftypheic", "picture (HEIC)"), ("\0\0\0\u{1c}ftypavif", "picture (AVIF)"), ("\0\0\0\u{18}ftypcrx ", "(Canon)"),
    (".RMF\0\0\0\u{12}\0\0", "begins as RealMedia"), ("SMK2\0\0\0\0", "Smacker files (smk)"),
    ("[Script Info]\nTitle: x\n", "a text"), ("{\\rtf1\\ansi x}", "document (RTF)"), ("[{\"a\":1}]", "JSON"), ("{ }", "JSON"),
    ("FLV\u{1}\u{5}\0\0\0\u{9}" + String(repeating: "\0", count: 200), "begins as FLV"),
    ("RIFF\0\0\0\0AVI LIST", "begins as AVI"), ("RIFF1234WEBPVP8X\u{a}\0\0\0\u{2}\0", "an animation (WebP)"),
    ("RIFF1234WEBPVP8X\u{a}\0\0\0\u{10}\0", "picture (WebP)"), ("data:video/mp4;base64,AAAAHGZ0eXA=", "data URI"),
    (String(repeating: "AAAAHGZ0eXBp\n", count: 9), "base64"),
    (String(repeating: "AAAAHGZ0+/Bp\r\n", count: 9) + "AA==", "base64"), (String(repeating: "AAAA HGZ0", count: 9), "a text"),
    ("\\x" + String(repeating: "00001c66747970", count: 9), "hexadecimal"),
    (String(repeating: "\n", count: 100), "a text"), ("DVDVIDEO-VMG\0\0", "index of a disc (IFO)"),
    ("MZ\u{10}\0\u{3}", "a program (EXE)"), ("SQLite format 3\0", "document (SQLite)"),
    ("caff\0\u{1}\0\0desc\0\0\0\0\0\0\0\u{20}", "sound (CAF)"),
    ("<html>" + String(repeating: "找不到文件", count: 9), "web page"),
    ("\0\0\0\u{1c}ftypisom" + String(repeating: "\u{ff}\0", count: 2000), "taken for a text"),
    ("\u{1a}E\u{fffd}\u{fffd}" + String(repeating: "\u{fffd}\u{1}", count: 20), "taken for a text"),
  ]

  @Test("what it is", arguments: files)
  func isNamed(file: String, words: String) {
    #expect(ForeignFile(Array(file.utf8)).sentence?.contains(words) == true)
  }

  static let binary: [([UInt8], String)] = [
    ([0x1f, 0x8b, 8, 0], "compressed (gzip)"), ([0x28, 0xb5, 0x2f, 0xfd], "compressed (zstd)"),
    ([0xff, 0xd8, 0xff, 0xe0], "picture (JPEG)"),
    ([0x89, 0x50, 0x4e, 0x47, 0x0d], "picture (PNG)"), ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "archive (7z)"),
    ([0, 0, 0, 0x1c] + Array("ftypisom".utf8), "before its index"),
    ([0, 0, 0, 0x1c] + Array("ftypisom".utf8) + (0x80...0xff), "before its index"),
    ([0, 0, 0, 0x1c] + Array("moof".utf8), "media segment"), ([0, 0, 0, 0x1c] + Array("styp".utf8), "media segment"),
    ([0, 0, 0, 0x1c] + Array("sidx".utf8), "media segment"), ([0, 0, 0, 0x1c] + Array("emsg".utf8), "media segment"),
    ([0x1f, 0x43, 0xb6, 0x75, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xe7, 0x81, 0], "media segment"),
    ([UInt8](repeating: 0, count: 40), "zeroes"), ([0x76, 0x2f, 0x31, 1, 2, 0, 0, 0], "picture (OpenEXR)"),
    ([0, 0, 0, 0xc] + Array("JXL \r\n".utf8), "picture (JPEG XL)"),
    ([0, 0, 1, 0, 1, 0, 64, 36, 0, 0, 1, 0, 32, 0, 72, 37, 0, 0, 22, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0], "picture (ICO)"),
    (Array("P6\n4 4\n255\n".utf8) + [UInt8](repeating: 1, count: 48), "picture (PPM)"),
    ([0, 5, 0x16, 7, 0, 2, 0, 0] + Array("Mac OS X".utf8), "macOS stores beside a video"),
    ([0, 0, 2, 0] + Array("RED2".utf8), "raw data of a camera (R3D)"),
    ([0, 0, 0, 0xc] + Array("jP  \r\n".utf8) + [0x87, 0xa, 0, 0, 0, 0x14] + Array("ftypjp2 ".utf8), "picture (JPEG 2000)"),
  ]

  @Test("what it is, by its first bytes", arguments: binary)
  func isNamed(bytes: [UInt8], words: String) { #expect(ForeignFile(bytes).sentence?.contains(words) == true) }

  @Test(
    "nobody knows",
    arguments: [[], [0, 1, 2, 3], [0xc3, 0x28, 0x41, 0x42]])
  func isUnknown(bytes: [UInt8]) { #expect(ForeignFile(bytes).sentence == nil) }

  @Test("every prefix of every file is looked at without a fault", arguments: files)
  func prefixes(file: String, words: String) {
    let bytes = Array(file.utf8)
    for count in 0...bytes.count { _ = ForeignFile(Array(bytes[..<count])).sentence }
  }

  @Test(
    "a disc is looked for only if nothing else is known of the file",
    arguments: [
      ([UInt8](repeating: 0, count: 2048), true), ([0x33, 0xed, 0x90, 0x90], true),
      ([0, 0, 0, 0x1c] + Array("ftypisom".utf8), false),
    ])
  func disc(head: [UInt8], isLookedFor: Bool) throws {
    let rest = [UInt8](repeating: 0, count: 32_769 - head.count)
    let file = LeadingJunkTests.Bytes(head + rest + Array("CD001".utf8))
    #expect(try ForeignFile(file).isEnclosure == isLookedFor)
    #expect((file.furthest > 2048) == isLookedFor)
  }

  @Test(
    "an index that is there is not called missing",
    arguments: [
      (300, [], "begins as QuickTime"), (301, [], "before its index"), (300, ["mdat", "free"], "begins as QuickTime"),
    ])
  func damagedIndex(told: UInt16, before: [String], words: String) throws {
    let head = [0, 0, 0, 16] + Array("ftypisom".utf8) + [0, 0, 2, 0] + before.flatMap { [0, 0, 0, 8] + Array($0.utf8) }
    let index = [0, 0, UInt8(told >> 8), UInt8(told & 0xff)] + Array("moov".utf8) + [UInt8](repeating: 0xff, count: 292)
    let file = LeadingJunkTests.Bytes(head + index)
    #expect(try ForeignFile(file).sentence(in: file)?.contains(words) == true)
  }
}
