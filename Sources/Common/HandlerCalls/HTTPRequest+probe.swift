package import CommandLineTool
package import Transfer

extension HTTPRequest {
  /// For `--check`: calls a handler in a way that starts nothing, to see whether it is reached and knows the secret.
  ///
  /// - Parameters:
  ///   - secret: the variable whose secret is shown, if it is not `SERVICE_ROLE_KEY`.
  ///   - isHandlers: whether the answer is that of the handler.
  /// - Returns: a sentence for the operator.
  package func probe(_ handler: String, at baseURL: String, secret: String, isHandlers: (HTTPResponse) -> Bool)
    throws(CheckProblem) -> String
  {
    let response: HTTPResponse
    do {
      response = try HTTPClient().perform(self)
    } catch {
      throw CheckProblem("\(baseURL) cannot be reached: \(error). Are nginx and the handlers started?")
    }
    if response.isWithoutSecret {
      throw CheckProblem(
        "no secret arrives at \(handler): what is in front of it at \(baseURL) removes the Authorization header")
    }
    if response.isUnknownSecret {
      throw CheckProblem("\(handler) does not know the secret: is \(secret) (or SERVICE_ROLE_KEY) the same there?")
    }
    if isHandlers(response) { return "answers at \(baseURL), and knows the secret" }
    throw CheckProblem(
      response.isSuccess
        ? "what answers at \(baseURL) is not \(handler)" : "\(handler), at \(baseURL), answers \(response.outcome)")
  }
}
