internal import Auth
internal import FastCGI
internal import Logging

/// `POST /scheduled`: calls retry-stuck-thumbnails and answers what it said.
struct ScheduledHandler: RequestHandler {
  let authenticator: BearerAuthenticator
  let caller: RetryCaller

  func reply(to request: Request, logger: Logger) -> Reply {
    switch request.method {
    case "OPTIONS": return Reply(.preflight)
    case "POST": break
    default: return Reply(.methodNotAllowed("POST, OPTIONS"))
    }
    guard authenticator.caller(authorization: request.header("Authorization")) != nil else { return Reply(.unauthorized) }
    let outcome = caller.call()
    return Reply(.json(outcome.isSuccess ? 200 : 503, outcome.body))
  }
}
