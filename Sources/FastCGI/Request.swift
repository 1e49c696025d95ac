/// One HTTP request as the web server passed it on.
package struct Request: Sendable {
  /// As the client sent it; empty if the web server does not say. ``FrontDoor`` turns `HEAD` into `GET`.
  package var method: String
  /// Normalized as nginx does it to match locations, however the client spelled it.
  package let path: String
  /// What follows the question mark, still encoded; empty if nothing does.
  package let query: String
  /// CGI variables (RFC 3875): `REQUEST_METHOD`, `HTTP_AUTHORIZATION` …
  package let variables: [String: String]
  /// The part of the body that has arrived, as it was sent; empty if the body is longer than allowed.
  package internal(set) var body: [UInt8]
  /// Whether the process was idle when it came and no other request waits; true also if others cannot be known of, as under CGI.
  package internal(set) var isAlone = true

  package init(variables: [String: String], body: [UInt8]) {
    method = variables["REQUEST_METHOD"] ?? ""
    path = RequestPath.normalized(variables["REQUEST_URI"] ?? variables["SCRIPT_NAME"] ?? "")
    query = variables["QUERY_STRING"] ?? ""
    self.variables = variables
    self.body = body
  }

  /// A header field; the case of the name does not matter.
  package func header(_ name: String) -> String? {
    variables["HTTP_" + name.uppercased().replacing("-", with: "_")]
  }

  /// The length of the body as the web server gives it; nil if it gives none that is valid.
  static func bodyLength(_ variables: [String: String]) -> Int? {
    variables["CONTENT_LENGTH"].flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 }
  }

  /// The request id from the web server; nil unless it is 8 to 128 letters, digits and dashes.
  package var identifier: String? {
    guard let id = variables["REQUEST_ID"] ?? header("X-Request-Id"), (8...128).contains(id.utf8.count),
      id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "-" })
    else { return nil }
    return id
  }
}
