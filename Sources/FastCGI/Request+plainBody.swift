extension Request {
  /// The body as it was sent.
  ///
  /// - Throws: if it is coded in a way that hides what it asks for: compressed, or UTF-16 with its byte order mark.
  package var plainBody: [UInt8] {
    get throws(BadRequest) {
      // Some name a coding (or `utf-8`, which is none) and send plain JSON.
      let coding = header("Content-Encoding")?.lowercased() ?? ""
      let isCoded = !body.isEmpty && !body.isObject && ["gzip", "deflate", "br", "zstd"].contains(coding)
      guard !isCoded, !body.starts(with: [0x1f, 0x8b]) else {
        throw BadRequest(text: "The body is compressed: it is read as it is, without Content-Encoding")
      }
      guard !body.starts(with: [0xff, 0xfe]), !body.starts(with: [0xfe, 0xff]) else {
        throw BadRequest(text: "The body is not UTF-8")
      }
      return body
    }
  }
}
