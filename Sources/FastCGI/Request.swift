/// One HTTP request as the web server handed it over.
package struct Request: Sendable {
  /// As it was sent; empty where the web server does not say. ``FrontDoor`` makes `GET` of `HEAD`.
  package var method: String
  /// As nginx matches it, however the caller has spelled it.
  package let path: String
  /// What follows the question mark, still encoded; empty where nothing does.
  package let query: String
  /// CGI variables (RFC 3875): `REQUEST_METHOD`, `HTTP_AUTHORIZATION` …
  package let variables: [String: String]
  /// What has arrived of the body, as it was sent; empty where it is longer than is allowed.
  package let body: [UInt8]
  /// Whether it found the process idle, and no other request waits.
  package let isAlone: Bool

  /// - Parameter isAlone: true where nobody knows of others, as under CGI.
  package init(variables: [String: String], body: [UInt8], isAlone: Bool = true) {
    method = variables["REQUEST_METHOD"] ?? ""
    path = RequestPath.normalized(variables["REQUEST_URI"] ?? variables["SCRIPT_NAME"] ?? "")
    query = variables["QUERY_STRING"] ?? ""
    self.variables = variables
    self.body = body
    self.isAlone = isAlone
  }

  /// A header field by its name in any case.
  package func header(_ name: String) -> String? {
    variables["HTTP_" + name.uppercased().replacing("-", with: "_")]
  }

  /// How long the body is, as the web server says; nil where it says nothing of use.
  static func bodyLength(_ variables: [String: String]) -> Int? {
    variables["CONTENT_LENGTH"].flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 }
  }

  /// When the web server began with the request, in seconds since 1970; nil where it does not say. No header can set it.
  package var started: Double? { variables["REQUEST_STARTED"].flatMap { Double($0) } }

  /// The request id the web server passed on, where it is one: 8 to 128 letters, digits and dashes.
  package var identifier: String? {
    guard let id = variables["REQUEST_ID"] ?? header("X-Request-Id"), (8...128).contains(id.utf8.count),
      id.utf8.allSatisfy({ ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2d })
    else { return nil }
    return id
  }
}
