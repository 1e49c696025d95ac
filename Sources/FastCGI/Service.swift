package import Logging
internal import Supervision

/// Serves requests in the mode in which the process was started.
package enum Service {
  /// Returns when the one CGI request is answered or, under FastCGI, after SIGTERM.
  ///
  /// - Parameter beforeListening: runs once before the first FastCGI request. Under CGI it does not run, since the caller waits already.
  package static func run(
    _ door: FrontDoor, mode: RunMode, limits: RequestLimits, logger: Logger, beforeListening: () -> Void = {}
  ) {
    switch mode {
    case .cgi: CGIRequest(door, limits: limits, logger: logger).run()
    case .fastCGI:
      Supervisor.ready()
      beforeListening()
      FastCGIServer(door, limits: limits, logger: logger).run()
    }
  }
}
