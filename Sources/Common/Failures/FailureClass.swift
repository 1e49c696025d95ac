/// What kind of fault ended an attempt. It decides the HTTP status, whether the attempt counts, and what moves the row on.
///
/// The raw values are stored in `thumbnail_generation_error_code` and sent as `code` in error replies. Here they are declared; SQL, TypeScript, the
/// status page and the documents use the same, which `make lint` compares.
package enum FailureClass: String, Sendable, CaseIterable, Codable {
  /// The origin: 5xx, timeout, truncated, 404 or 403, changed while it was read. Counts; tried again while attempts are left.
  case source
  /// The file: no video stream, unsupported or undecodable, encrypted, over a limit, no URL. Counts; permanent.
  case media
  /// The URL may not be fetched: private address, scheme, too many redirects. Counts; permanent.
  case forbidden
  /// The object store: refused, missing bucket, throttled, disk full. Not counted; back-off and breaker.
  case storage
  /// A key or variable is missing or wrong. Not counted; back-off and breaker.
  case configuration
  /// The platform's own trigger, CHECK or policy refuses the result. Not counted; kept, and written later by SQL, which alone tells it.
  case platform
  /// A storyboard gives way: a request waits, or the worker was told to stop. Not counted; due at once.
  case shutdown
  /// PostgreSQL could not be reached, broke off, or has no room. Not counted; where it cannot be told so either, the lease ends by itself.
  case database
  /// The worker died or overran its lease, or its decoder was killed from outside. Counts; the next claimer takes over.
  case lost
  /// The request itself is malformed: no row is touched. On a row it says that a person cancelled the video; SQL alone tells that.
  case request

  /// Whether the same work may succeed later without a person changing anything.
  package var isRetryable: Bool {
    switch self {
    case .source, .storage, .configuration, .platform, .shutdown, .database, .lost: true
    case .media, .forbidden, .request: false
    }
  }

  /// What a worker does about it.
  package enum Consequence: Sendable {
    /// Nothing: the row is another's by now, or the lease ends by itself.
    case leaveToLease
    /// The fault is not the video's: the attempt is given back.
    case release
    /// The failure is put on the row; the database decides whether and when it is due again.
    case fail
  }

  /// What a worker does about a fault of this class.
  package var consequence: Consequence {
    switch self {
    case .lost: .leaveToLease
    case .storage, .configuration, .platform, .shutdown, .database: .release
    case .source, .media, .forbidden, .request: .fail
    }
  }

  /// Whether many such faults in a row pause the work of a host.
  package var movesBreakers: Bool {
    switch self {
    case .storage, .configuration: true
    case .source, .media, .forbidden, .platform, .shutdown, .database, .lost, .request: false
    }
  }

  /// Whether the attempt counts.
  package var counts: Bool {
    switch self {
    case .source, .media, .forbidden, .lost: true
    case .storage, .configuration, .platform, .shutdown, .database, .request: false
    }
  }

  /// The HTTP status of an error reply of this class.
  package var httpStatus: Int {
    switch self {
    case .source: 502
    case .media, .forbidden: 422
    case .storage, .configuration, .platform, .shutdown, .database, .lost: 503
    case .request: 400
    }
  }
}
