internal import FoundationEssentials
package import Transfer

/// What the answer to a call of a handler means.
extension HTTPResponse {
  /// Why a call failed, for operators: the status, and what helps if it did not reach a handler. Redirects are not followed.
  package var outcome: String {
    switch status {
    case 200..<300: "\(status), and not as a handler does: the URL has to be the handlers' own"
    case 300..<400: "\(status), a redirect: the URL has to be the handlers' own, with https:// where that is asked for"
    case _ where isWithoutSecret:
      "\(status): no secret arrives, so what is in front of the handlers removes the Authorization header"
    // All errors of handlers, and those of nginx in our configuration, have an `error`.
    case 400..<500 where member("error") == nil:
      "\(status), and not as a handler does: a web server or gateway in front of it lets nobody through"
    default: "\(status)"
    }
  }

  /// Whether a handler does not know the secret. Password protection and gateways in front of it answer 401 in other ways.
  package var isUnknownSecret: Bool { status == 401 && member("error") == "Unauthorized" }

  /// Whether no secret has arrived at a handler (RFC 6750, section 3.1).
  package var isWithoutSecret: Bool { isUnknownSecret && headers["www-authenticate"]?.lowercased() == "bearer" }

  /// Whether a handler has done what it was asked to do. Any web server may answer 200.
  package var isHandlersSuccess: Bool {
    isSuccess && (try? JSONDecoder().decode(Answer.self, from: Data(body)))?.success == true
  }

  private struct Answer: Decodable {
    let success: Bool
  }
}
