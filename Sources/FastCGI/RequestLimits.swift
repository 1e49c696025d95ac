package import Settings

/// Limits on one request.
package struct RequestLimits: Sendable {
  /// `REQUEST_MAX_BODY`: the longest body in bytes (64 KiB); more is answered 413.
  package var maximumBodyBytes = 64 * 1024
  /// `REQUEST_DEADLINE`: seconds for one request, fetch, decoding and upload included (120).
  package var deadlineSeconds = 120.0

  package init() {}

  package init(_ reader: inout SettingsReader) {
    maximumBodyBytes = reader.integer("REQUEST_MAX_BODY", fallback: maximumBodyBytes, in: 1024...(16 << 20))
    deadlineSeconds = reader.seconds("REQUEST_DEADLINE", fallback: deadlineSeconds, in: 1...3600)
  }
}
