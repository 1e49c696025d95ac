/// The name of a field of a log line. The set is open: a module may add its own.
package struct LogKey: RawRepresentable, Hashable, Sendable {
  /// The field's name in the JSON object.
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// The id of the HTTP request: the web server's, or a random one if it passes none on.
  package static let requestID = LogKey(rawValue: "requestId")
  /// The UUID of the video the line is about.
  package static let videoID = LogKey(rawValue: "videoId")
  /// The fencing token of the claim in hand.
  package static let token = LogKey(rawValue: "claimToken")
  /// The number of that claim's attempt, from 1.
  package static let attempt = LogKey(rawValue: "attempt")
  /// The HTTP method of the request that was answered.
  package static let method = LogKey(rawValue: "method")
  /// The path of the request that was answered, without its query.
  package static let path = LogKey(rawValue: "path")
  /// The HTTP status of our own answer or, for a wake-up that was posted, of the handler's.
  package static let status = LogKey(rawValue: "status")
  /// The caller, by the secret it presented: `service`, `cron`, `webhook` or `status`.
  package static let caller = LogKey(rawValue: "caller")
  /// The database's answer to a result or a failure: `ok`, `already`, `fenced` …
  package static let outcome = LogKey(rawValue: "outcome")
  /// The class of a failure, as the `code` of error replies: `source`, `media` …
  package static let failureClass = LogKey(rawValue: "code")
  /// What went wrong, with a library's or server's message, cut as by ``LogValue/foreign(_:)``. Only for the log.
  package static let error = LogKey(rawValue: "error")
  /// Milliseconds from the start of a request to its end, including what was done for it after the answer.
  package static let durationMilliseconds = LogKey(rawValue: "durationMs")
  /// Bytes received from the origin for one job.
  package static let bytesFetched = LogKey(rawValue: "bytesFetched")
  /// HTTP requests sent to the origin for one job.
  package static let requests = LogKey(rawValue: "requests")
  /// How many videos were started or changed, or how many objects were deleted.
  package static let count = LogKey(rawValue: "count")
  /// How many lines with the same cause were left out.
  package static let repeated = LogKey(rawValue: "repeated")
  /// The program's version, in its first line.
  package static let version = LogKey(rawValue: "version")
  /// How the program was started: `FastCGI`, `CGI` or `service`.
  package static let mode = LogKey(rawValue: "mode")
  /// The name under which this machine is shown (`WORKER_HOST`).
  package static let host = LogKey(rawValue: "host")
  /// The store in which thumbnails are kept, and where it is, in words.
  package static let store = LogKey(rawValue: "store")
  /// Whether the decoder has to run in its box: `required` or `off`.
  package static let sandbox = LogKey(rawValue: "sandbox")
  /// The base URL under which the program calls the handlers.
  package static let handlers = LogKey(rawValue: "handlers")
  /// What the message is about, if no other field tells it: an object's key, a library's message.
  package static let detail = LogKey(rawValue: "detail")
}
