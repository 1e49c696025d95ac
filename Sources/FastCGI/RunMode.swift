internal import Glibc
package import Settings

/// How the process was started.
package enum RunMode: String, Sendable {
  /// Descriptor 0 is a listening socket.
  case fastCGI = "FastCGI"
  /// A CGI server started it for one request.
  case cgi = "CGI"
  /// A person, a crontab or a timer.
  case commandLine = "command line"

  /// By descriptor 0, then by `GATEWAY_INTERFACE`, which every CGI server sets (RFC 3875, 4.1.4); else somebody started it by hand or by timer.
  package static func detect(_ environment: Environment) -> RunMode {
    var listening: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    if unsafe getsockopt(0, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0, listening == 1 { return .fastCGI }
    return environment["GATEWAY_INTERFACE"] != nil ? .cgi : .commandLine
  }
}
