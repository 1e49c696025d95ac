package import Settings

/// Limits on one request.
package struct RequestLimits: Sendable {
  /// The longest body allowed, in bytes; a longer one is answered 413. A database webhook has its row in it twice.
  package var maximumBodyBytes = 1024 * 1024
  /// The most seconds for one request, including fetch, decoding and upload.
  package var deadlineSeconds = 120.0

  /// Reads `REQUEST_MAX_BODY` and `REQUEST_DEADLINE`.
  package init(_ reader: inout SettingsReader) {
    reader.begin("Requests")
    maximumBodyBytes = reader.integer(
      "REQUEST_MAX_BODY", fallback: maximumBodyBytes, in: 1024...(16 << 20),
      meaning: "bytes of a request body; with more, raise nginx's `client_max_body_size`, too")
    deadlineSeconds = reader.seconds(
      "REQUEST_DEADLINE", fallback: deadlineSeconds, in: 1...3600,
      meaning:
        "seconds for one request, fetch, decoding and upload included; with more than 130, raise nginx's `fastcgi_read_timeout` and the units' "
        + "`TimeoutStopSec`, too")
  }
}
