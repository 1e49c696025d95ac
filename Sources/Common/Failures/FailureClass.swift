/// The kind of fault that ended an attempt. It decides the HTTP status, whether the attempt counts, and what happens to the row.
///
/// The raw values are stored in `thumbnail_generation_error_code` and sent as `code` in error replies. They are declared here; SQL,
/// TypeScript, the status page and the documents use the same ones, which `make lint` compares.
package enum FailureClass: String, Sendable, CaseIterable {
  /// The origin: 5xx, timeout, truncated, 404 or 403, changed while it was read. Counts; retried while attempts are left.
  case source
  /// The file: no video stream, unsupported or undecodable, encrypted, over a limit, no URL. Counts; permanent.
  case media
  /// The URL may not be fetched: private address, scheme, too many redirects. Counts; permanent.
  case forbidden
  /// The object store: refused, missing bucket, throttled, disk full. The attempt is given back; back-off and breaker.
  case storage
  /// A key or variable is missing or wrong. The attempt is given back; back-off and breaker.
  case configuration
  /// The platform's own trigger, CHECK or policy refuses the result. The attempt is given back; the result is kept and written later by SQL,
  /// which alone uses this class.
  case platform
  /// A storyboard gives way because a request waits or the worker was told to stop. The attempt is given back; due at once.
  case shutdown
  /// PostgreSQL could not be reached, the connection broke, or it has no room. The attempt is given back; if the database cannot be told,
  /// the lease runs out.
  case database
  /// The worker died or overran its lease, or its decoder was killed from outside. Counts; the next worker to claim it takes over.
  case lost
  /// The request itself is malformed, and no row is touched. On a row, where only SQL writes it, it means that a person cancelled the
  /// video.
  case request

  /// What a worker does about it.
  package enum Consequence: Sendable {
    /// It does nothing: another worker has the row by now, or the lease runs out.
    case leaveToLease
    /// It gives the attempt back, since the video is not at fault. While other videos are completed, every tenth time counts.
    case release
    /// It records the failure on the row. The database decides whether and when the row is due again.
    case fail
  }

  private struct Traits {
    let consequence: Consequence
    let httpStatus: Int
    var counts = false
    var isRetryable = false
    var movesBreakers = false
    var isOrigins = false
  }

  private var traits: Traits {
    switch self {
    case .source: Traits(consequence: .fail, httpStatus: 502, counts: true, isRetryable: true, isOrigins: true)
    case .media, .forbidden: Traits(consequence: .fail, httpStatus: 422, counts: true)
    case .storage, .configuration: Traits(consequence: .release, httpStatus: 503, isRetryable: true, movesBreakers: true)
    case .platform, .shutdown, .database: Traits(consequence: .release, httpStatus: 503, isRetryable: true)
    case .lost: Traits(consequence: .leaveToLease, httpStatus: 503, counts: true, isRetryable: true)
    case .request: Traits(consequence: .fail, httpStatus: 400)
    }
  }

  /// What a worker does about a fault of this class.
  package var consequence: Consequence { traits.consequence }
  /// The HTTP status of an error reply of this class.
  package var httpStatus: Int { traits.httpStatus }
  /// Whether the attempt counts.
  package var counts: Bool { traits.counts }
  /// Whether the same work may succeed later without a change by a person.
  package var isRetryable: Bool { traits.isRetryable }
  /// Whether many such faults in a row pause the work of a host.
  package var movesBreakers: Bool { traits.movesBreakers }
  /// Whether the video's origin is at fault: the same bytes may come if they are asked for again, and a picture that was chosen before is
  /// still good.
  package var isOrigins: Bool { traits.isOrigins }
}
