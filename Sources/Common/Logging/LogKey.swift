/// The name of a field of a log line. Open: a module may add its own.
package struct LogKey: RawRepresentable, Hashable, Sendable {
  /// The field's name in the JSON object.
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// The id of the HTTP request, in each of its lines: the web server's, or a random one where it passes none on.
  package static let requestID = LogKey(rawValue: "requestId")
  /// The UUID of the video the line is about.
  package static let videoID = LogKey(rawValue: "videoId")
  /// The fencing token of the claim that is worked on.
  package static let token = LogKey(rawValue: "claimToken")
  /// Which attempt that claim is, from 1.
  package static let attempt = LogKey(rawValue: "attempt")
  /// The HTTP method of the request that was answered.
  package static let method = LogKey(rawValue: "method")
  /// The path of the request that was answered, without its query.
  package static let path = LogKey(rawValue: "path")
  /// The HTTP status: of our own answer, or, of a wake-up that was posted, of the handler's.
  package static let status = LogKey(rawValue: "status")
  /// Who called, by the secret that was shown: `service`, `cron`, `webhook` or `status`.
  package static let caller = LogKey(rawValue: "caller")
  /// What the database made of a result or a failure that was handed in: `ok`, `already`, `fenced` …
  package static let outcome = LogKey(rawValue: "outcome")
  /// The class of a failure, as the `code` of error replies: `source`, `media` …
  package static let failureClass = LogKey(rawValue: "code")
  /// What went wrong, with the words of a library or server, cut as ``LogValue/foreign(_:)`` does: for the log only.
  package static let error = LogKey(rawValue: "error")
  /// From the start of a request to its end, in milliseconds, with what was done for it after the answer.
  package static let durationMilliseconds = LogKey(rawValue: "durationMs")
  /// Bytes received from the origin for one job.
  package static let bytesFetched = LogKey(rawValue: "bytesFetched")
  /// HTTP requests sent to the origin for one job.
  package static let requests = LogKey(rawValue: "requests")
  /// How many videos were set going or changed, or how many objects were deleted.
  package static let count = LogKey(rawValue: "count")
  /// How many lines of the same cause were left out.
  package static let repeated = LogKey(rawValue: "repeated")
  /// The program's version, in its first line.
  package static let version = LogKey(rawValue: "version")
  /// How the program was started: `FastCGI`, `CGI` or `service`.
  package static let mode = LogKey(rawValue: "mode")
  /// The name under which this machine is shown (`WORKER_HOST`).
  package static let host = LogKey(rawValue: "host")
  /// Which store thumbnails are kept in, and where, in words.
  package static let store = LogKey(rawValue: "store")
  /// Whether the decoder has to be boxed: `required` or `off`.
  package static let sandbox = LogKey(rawValue: "sandbox")
  /// The base URL under which the program calls the handlers.
  package static let handlers = LogKey(rawValue: "handlers")
  /// What the message is about where no other field says it: an object's key, a library's words.
  package static let detail = LogKey(rawValue: "detail")
}
