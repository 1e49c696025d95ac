/// One HTTP response.
package struct Response: Sendable {
  /// The HTTP status. Any may be set; those that the handlers use have a reason phrase.
  package var status: Int
  /// Sent in this order, unchanged. `Content-Length` is added when the response is sent.
  package var headers: [(name: String, value: String)] = []
  /// The body. Its length is sent even if ``omitsBody`` keeps the body back.
  package var body: [UInt8] = []
  /// Whether only the length of the body is sent, as in the answer to `HEAD`.
  var omitsBody = false

  /// A JSON answer with the CORS headers.
  package static func json(_ status: Int, _ body: [UInt8], headers: [(name: String, value: String)] = []) -> Response {
    Response(
      status: status,
      headers: CORS.headers + [("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-store")] + headers,
      body: body)
  }

  /// `{"success":true,"data":…,"timestamp":…}` with JSON that is not parsed.
  package static func success(data json: String) -> Response {
    .json(200, Array("{\"success\":true,\"data\":\(json),\"timestamp\":\"\(ReplyJSON.timestampNow)\"}".utf8))
  }

  /// A text of another type, with the same headers.
  package static func text(_ status: Int, _ text: String, contentType: String) -> Response {
    Response(
      status: status, headers: CORS.headers + [("Content-Type", contentType), ("Cache-Control", "no-store")],
      body: Array(text.utf8))
  }

  /// The response in CGI form (RFC 3875, 6.3): a `Status` line, header fields, an empty line, the body.
  var serialized: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(768 + body.count)
    bytes.append(contentsOf: "Status: \(status) \(Self.reason(status))\r\n".utf8)
    for (name, value) in headers {
      bytes.append(contentsOf: name.utf8)
      bytes.append(contentsOf: ": ".utf8)
      bytes.append(contentsOf: value.utf8)
      bytes.append(contentsOf: "\r\n".utf8)
    }
    bytes.append(contentsOf: "Content-Length: \(body.count)\r\n\r\n".utf8)
    if !omitsBody { bytes.append(contentsOf: body) }
    return bytes
  }

  private static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 202: "Accepted"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 409: "Conflict"
    case 413: "Content Too Large"
    case 422: "Unprocessable Content"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    default: "Status"
    }
  }
}
