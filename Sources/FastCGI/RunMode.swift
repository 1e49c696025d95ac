internal import Glibc
package import Settings

/// How a web server started the process.
package enum RunMode: String, Sendable {
  /// Descriptor 0 is a listening socket.
  case fastCGI = "FastCGI"
  /// A CGI server started the process for one request.
  case cgi = "CGI"

  /// Looks at descriptor 0 first, then at `GATEWAY_INTERFACE`, which every CGI server sets (RFC 3875, 4.1.4). Nil if a person, a crontab or a
  /// timer started the process.
  package static func detect(_ environment: Environment) -> RunMode? {
    var listening: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    if unsafe getsockopt(0, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0, listening == 1 { return .fastCGI }
    return environment["GATEWAY_INTERFACE"] != nil ? .cgi : nil
  }
}
