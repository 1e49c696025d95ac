/// The name of a field of a log line. Open: a module may add its own.
package struct LogKey: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  package static let requestID = LogKey(rawValue: "requestId")
  package static let videoID = LogKey(rawValue: "videoId")
  package static let token = LogKey(rawValue: "claimToken")
  package static let attempt = LogKey(rawValue: "attempt")
  package static let method = LogKey(rawValue: "method")
  package static let path = LogKey(rawValue: "path")
  package static let status = LogKey(rawValue: "status")
  package static let caller = LogKey(rawValue: "caller")
  package static let outcome = LogKey(rawValue: "outcome")
  package static let failureClass = LogKey(rawValue: "code")
  package static let error = LogKey(rawValue: "error")
  package static let durationMilliseconds = LogKey(rawValue: "durationMs")
  package static let bytesFetched = LogKey(rawValue: "bytesFetched")
  package static let requests = LogKey(rawValue: "requests")
  package static let count = LogKey(rawValue: "count")
  /// How many lines of the same cause were left out.
  package static let repeated = LogKey(rawValue: "repeated")
  package static let version = LogKey(rawValue: "version")
  package static let mode = LogKey(rawValue: "mode")
  package static let host = LogKey(rawValue: "host")
  package static let store = LogKey(rawValue: "store")
  package static let sandbox = LogKey(rawValue: "sandbox")
  package static let handlers = LogKey(rawValue: "handlers")
  package static let detail = LogKey(rawValue: "detail")
}
