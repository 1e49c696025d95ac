import Testing

@testable import Transfer

/// What origins, caches, stores and scripts do with requests for ranges, each under a name.
struct OriginBehaviour: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let answer: @Sendable (ScriptedOrigin.Call) -> ScriptedOrigin.Answer

  init(_ name: String, _ answer: @escaping @Sendable (ScriptedOrigin.Call) -> ScriptedOrigin.Answer) {
    testDescription = name
    self.answer = answer
  }

  /// Any file can be read from these, whole and in any order.
  static let readable: [OriginBehaviour] = [
    .init("honest") { $0.part() },
    .init("no tag") { $0.part(tag: nil) },
    .init("weak tag") { $0.part(tag: "W/\"\($0.number)\"") },
    .init("empty tag, another each time") { $0.part(tag: $0.number % 2 == 0 ? "\"\"" : "\"x\"") },
    .init("tag without quotes") { $0.part(tag: "d41d8cd9\($0.number)") },
    .init("two servers, tags of their own, one date") {
      $0.part(tag: "\"\($0.number % 2)\"", fields: [("Last-Modified", "Mon, 02 Feb 2026 10:00:00 GMT")])
    },
    .init("six servers in turns, tags and dates of their own") {
      $0.part(tag: "\"\($0.number % 6)\"", fields: [("Last-Modified", "Mon, 02 Feb 2026 10:00:1\($0.number % 6) GMT")])
    },
    .init("the same, at most 20,000 bytes") {
      $0.part(
        $0.range.map { $0.lowerBound..<min($0.upperBound, $0.lowerBound + 20_000) }, tag: "\"\($0.number % 6)\"",
        fields: [("Last-Modified", "Mon, 02 Feb 2026 10:00:1\($0.number % 6) GMT")])
    },
    .init("a date that is always now") {
      $0.part(tag: nil, fields: [("Last-Modified", "Mon, 02 Feb 2026 10:00:\(10 + $0.number % 50) GMT")])
    },
    .init("lower-case names") { call in
      var answer = call.part()
      answer.fields = answer.fields.map { ($0.0.lowercased(), $0.1) }
      return answer
    },
    .init("no Content-Length") { call in
      var answer = call.part()
      answer.fields.removeAll { $0.0 == "Content-Length" }
      return answer
    },
    .init("unknown size") { $0.part(total: "*") },
    .init("unknown size, nothing behind the end") { call in
      var answer = call.part(total: "*")
      if answer.status == 416 { answer = .init(status: 206, fields: [("Content-Length", "0")]) }
      return answer
    },
    .init("unknown size, 416 without a word") { $0.range?.isEmpty == true ? $0.refusal(416) : $0.part(total: "*") },
    .init("unknown size, 416 without a word for all but the beginning") {
      $0.asked == nil ? $0.whole() : $0.range?.lowerBound == 0 ? $0.part(total: "*") : $0.refusal(416)
    },
    .init("shorter than asked, of unknown size") {
      $0.part($0.range.map { $0.lowerBound..<min($0.upperBound, $0.lowerBound + 50_000) }, total: "*")
    },
    .init("at most 5,000 bytes") { $0.part($0.range.map { $0.lowerBound..<min($0.upperBound, $0.lowerBound + 5000) }) },
    .init("at most 20,000 bytes") { $0.part($0.range.map { $0.lowerBound..<min($0.upperBound, $0.lowerBound + 20_000) }) },
    .init("at most 100,000 bytes") { $0.part($0.range.map { $0.lowerBound..<min($0.upperBound, $0.lowerBound + 100_000) }) },
    .init("one byte more") { call in
      call.part(call.range.map { $0.lowerBound..<min(Int64(call.file.count), $0.upperBound + 1) })
    },
    .init("to the end of the file") { call in call.part(call.range.map { $0.lowerBound..<Int64(call.file.count) }) },
    .init("from a boundary of 64 KiB") { call in
      call.part(call.range.map { $0.isEmpty ? $0 : $0.lowerBound / 65_536 * 65_536..<$0.upperBound })
    },
    .init("206 for the whole file, each time") { call in call.part(call.file.isEmpty ? call.range : 0..<Int64(call.file.count))
    },
    .init("the end lies where the range does, not the file") { call in
      var answer = call.part()
      if answer.status == 206, let asked = call.asked {
        answer.fields.removeAll { $0.0 == "Content-Range" }
        answer.fields.append(("Content-Range", "bytes \(asked.lowerBound)-\(asked.upperBound)/\(call.file.count)"))
      }
      return answer
    },
    .init("416 for an end behind the file") { call in
      (call.asked?.upperBound ?? -1) >= call.file.count
        ? call.refusal(416, [("Content-Range", "bytes */\(call.file.count)")]) : call.part()
    },
    .init("416 for any range") { $0.asked == nil ? $0.whole() : $0.refusal(416) },
    .init("400 for an end behind the file") { call in
      (call.asked?.upperBound ?? 0) >= call.file.count && !call.request.isRangeOpen ? call.refusal(400) : call.part()
    },
    .init("400 for any range") { $0.asked == nil ? $0.whole() : $0.refusal(400) },
    .init("405 for any range") { $0.asked == nil ? $0.whole() : $0.refusal(405) },
    .init("501 for any range") { $0.asked == nil ? $0.whole() : $0.refusal(501) },
    .init("416 for any range, with the size") {
      $0.asked == nil ? $0.whole() : $0.refusal(416, [("Content-Range", "bytes */\($0.file.count)")])
    },
    .init("no ranges") { $0.whole() },
    .init("no ranges, and says so") { $0.whole(fields: [("Accept-Ranges", "none")]) },
    .init("no ranges, no length") { $0.whole(length: false) },
    .init("no ranges, and a wrong length beside chunks") {
      $0.whole(length: false, fields: [("Content-Length", "\($0.file.count / 2)"), ("Transfer-Encoding", "chunked")])
    },
    .init("203 of a proxy") { call in
      var answer = call.whole()
      answer.status = 203
      return answer
    },
    .init("200 with Content-Range") { call in
      var answer = call.part()
      if answer.status == 206 { answer.status = 200 }
      return answer
    },
    .init("200 with the range of the whole file") {
      $0.whole(fields: [("Content-Range", "bytes 0-\(max(0, $0.file.count - 1))/\($0.file.count)")])
    },
    .init("ranges at first, then the whole file") { $0.number > 1 ? $0.whole() : $0.part() },
    .init("the whole file each third time") { $0.number % 3 == 2 ? $0.whole() : $0.part() },
    .init("ranges only without a word of where") { call in
      guard call.asked != nil else { return call.whole() }
      var answer = call.part()
      answer.fields.removeAll { $0.0 == "Content-Range" }
      return answer
    },
    .init("several parts at once") { call in
      call.asked == nil
        ? call.whole()
        : .init(
          status: 206, fields: [("Content-Type", "multipart/byteranges; boundary=x")],
          body: Array("--x\r\n\r\nabc\r\n--x--".utf8)[...])
    },
    .init("several parts at once, under the range of the first") { call in
      guard call.asked != nil else { return call.whole() }
      var answer = call.part(fields: [("Content-Type", "Multipart/ByteRanges; boundary=x")])
      answer.body = Array("--x\r\n\r\n".utf8) + answer.body
      return answer
    },
    .init("another range than asked for") { call in
      call.asked == nil
        ? call.whole() : call.part(call.file.count < 2 ? call.range : Int64(call.file.count - 1)..<Int64(call.file.count))
    },
    .init("all digits are the start, and a range there must be") { call in
      guard let asked = call.asked else { return call.file.isEmpty ? call.whole() : call.refusal(400) }
      let size = Int64(call.file.count)
      if call.request.isRangeOpen { return call.part(min(asked.lowerBound, size)..<min(asked.lowerBound + 1_000_000, size)) }
      let start = Int64("\(asked.lowerBound)\(asked.upperBound)") ?? size
      return start < size
        ? call.part(start..<size) : .init(status: 206, fields: [("Content-Range", "bytes \(start)-\(size - 1)/\(size)")])
    },
    .init("says a coding that is none") { $0.part(fields: [("Content-Encoding", "aws-chunked")]) },
    // The transport decodes: what it hands over is the file.
    .init("compressed, though nobody asked") { call in
      call.request.decodesContent
        ? .init(status: 200, fields: [("Content-Encoding", "gzip"), ("Content-Length", "7")], body: call.file[...])
        : .init(status: 200, fields: [("Content-Encoding", "gzip"), ("Content-Length", "7")], body: [1, 2, 3, 4, 5, 6, 7])
    },
    .init("compressed parts") { call in
      call.asked == nil && call.request.decodesContent
        ? call.whole(length: false, fields: [("Content-Encoding", "br")]) : call.part(fields: [("Content-Encoding", "br")])
    },
    .init("breaks off each second time") { call in
      var answer = call.part()
      if call.number % 2 == 1, answer.body.count > 1 {
        answer.body = answer.body.prefix(answer.body.count / 2 + 1)
        answer.failure = .broken
      }
      return answer
    },
    .init("whole, breaks off once") { call in
      var answer = call.whole()
      if call.number == 1 {
        answer.body = answer.body.prefix(answer.body.count / 2)
        answer.failure = .broken
      }
      return answer
    },
    .init("fails each second time") { $0.number % 2 == 1 ? $0.refusal(503) : $0.part() },
    .init("not ready at first") { $0.number == 1 ? $0.refusal(202, [("Retry-After", "1")]) : $0.part() },
    .init("busy, until a date") {
      $0.number == 1
        ? $0.refusal(429, [("Date", "Mon, 02 Feb 2026 10:00:00 GMT"), ("Retry-After", "Mon, 02 Feb 2026 10:00:03 GMT")])
        : $0.part()
    },
    .init("a redirect, 300") { $0.path == "/b" ? $0.part() : $0.redirect("/b", status: 300) },
    .init("a redirect, 303, with a fragment") { $0.path == "/b" ? $0.part() : $0.redirect("/b#t=10", status: 303) },
    .init("a redirect, 307, blanks and letters") {
      $0.path == "/a%20b/%e8%a7%86" || $0.path == "/a%20b/%E8%A7%86" ? $0.part() : $0.redirect(" /a b/视 ", status: 307)
    },
    .init("a redirect, 308, relative") { $0.path == "/c" ? $0.part() : $0.redirect("c", status: 308) },
    .init("a redirect to another scheme") {
      $0.request.url == "https://other.example/b" ? $0.part() : $0.redirect("https://other.example/b")
    },
    .init("three redirects") { call in
      let next = ["/v.mp4": "/1", "/1": "/2", "/2": "/3"]
      return next[call.path].map { call.redirect($0) } ?? call.part()
    },
    .init("links that are good once") {
      $0.path == "/v.mp4" ? $0.redirect("/once/\($0.number)") : $0.numberOfURL > 1 ? $0.refusal(403) : $0.part()
    },
    .init("links that are gone after three") {
      $0.path == "/v.mp4" ? $0.redirect("/place/\($0.number)") : $0.numberOfURL > 3 ? $0.refusal(410) : $0.part()
    },
    .init("a place that breaks") {
      $0.path == "/v.mp4" ? $0.redirect("/place/\($0.number)") : $0.numberOfURL > 2 ? $0.refusal(502) : $0.part()
    },
    .init("a cookie and the same URL again") {
      $0.header("Cookie") == "k=v; l=w"
        ? $0.part() : $0.redirect("/v.mp4", [("Set-Cookie", "k=v; Path=/; HttpOnly"), ("Set-Cookie", "l=w")])
    },
    .init("browsers only") { $0.request.userAgent.hasPrefix("Mozilla/5.0") ? $0.part() : $0.refusal(403) },
    .init("compressed unless told not to") {
      $0.header("Accept-Encoding") == "identity"
        ? $0.part() : .init(status: 200, fields: [("Content-Encoding", "gzip")], body: [1])
    },
  ]
}
