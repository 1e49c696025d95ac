/// One HTTP response.
package struct Response: Sendable {
  /// The HTTP status. Any may be set; those the handlers use are sent with their own words.
  package var status: Int
  /// Sent in this order, as they are. `Content-Length` is added when it is sent.
  package var headers: [(name: String, value: String)]
  /// The body, whose length is told even where ``omitsBody`` keeps it back.
  package var body: [UInt8]
  /// Whether only its length is told, as the answer to `HEAD` does.
  var omitsBody = false

  /// Adds no header field: those for other origins are in the answers made by ``json(_:_:headers:)`` and ``text(_:_:contentType:)``.
  package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A JSON answer with the CORS headers every answer of these handlers has.
  package static func json(_ status: Int, _ body: [UInt8], headers: [(name: String, value: String)] = []) -> Response {
    Response(
      status: status,
      headers: CORS.headers + [("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-store")] + headers,
      body: body)
  }

  /// A text of another kind, with the same headers.
  package static func text(_ status: Int, _ text: String, contentType: String) -> Response {
    Response(
      status: status, headers: CORS.headers + [("Content-Type", contentType), ("Cache-Control", "no-store")],
      body: Array(text.utf8))
  }

  /// The CGI form (RFC 3875, 6.3): a `Status` line, header fields, an empty line, the body.
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
