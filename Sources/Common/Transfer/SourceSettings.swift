package import Settings

/// How videos are fetched, and from where they may be.
package struct SourceSettings: Sendable {
  /// Only these hosts; empty means any public one.
  package var allowedHosts: Set<String> = []
  /// As `host:port`: these may resolve to a private address.
  package var privateHosts: Set<String> = []
  /// Bytes received for one job.
  package var maximumBytes = 64 << 20
  /// Requests for one job.
  package var maximumRequests = 200
  /// Bytes per second below which, over ``slowSeconds``, a read is given up; 0: never.
  package var minimumBytesPerSecond = 1024
  /// How long a read may be that slow.
  package var slowSeconds = 10
  /// Seconds for resolving and connecting.
  package var connectSeconds = 10.0
  /// Seconds all reading of one job may take together.
  package var seconds = 30.0
  /// How long an origin may be silent, which does not renew a lease: see ``HTTPRequest/silentSeconds``. No variable sets it.
  package var silentSeconds: Double?
  /// What origins are told of who asks. Filters let pass what calls itself a browser.
  package var userAgent = "Mozilla/5.0 (compatible; thumbnail-handlers)"
  /// The page videos are said to be embedded in, for origins that ask; empty: none.
  package var referer = ""
  /// Redirects followed for one answer.
  package static let maximumRedirects = 3

  /// What holds where no variable is set.
  package init() {}

  /// Reads the `SOURCE_…` variables. An entry that no URL could match, with a scheme or a path say, is reported and left out.
  package init(_ reader: inout SettingsReader) {
    reader.begin("Fetching videos; where they may be: [sources.md](sources.md)")
    for item in reader.list("SOURCE_ALLOWED_HOSTS", meaning: "only these hosts are fetched from") {
      guard let url = SourceURL(authority: item) ?? SourceURL(authority: "[\(item)]"), !item.hasSuffix(":\(url.port)") else {
        reader.report("SOURCE_ALLOWED_HOSTS names \"\(item)\", expected a host alone, for example videos.example.com")
        continue
      }
      allowedHosts.insert(url.host)
    }
    for item in reader.list("SOURCE_PRIVATE_HOSTS", meaning: "`host:port` that may resolve to a private address") {
      guard let url = SourceURL(authority: item), item.hasSuffix(":\(url.port)") else {
        reader.report("SOURCE_PRIVATE_HOSTS names \"\(item)\", expected host:port, for example 127.0.0.1:8080")
        continue
      }
      privateHosts.insert(url.hostAndPort)
    }
    maximumBytes = reader.integer(
      "SOURCE_MAX_BYTES", fallback: maximumBytes, in: 65_536...(16 << 30), meaning: "bytes received for one job")
    maximumRequests = reader.integer(
      "SOURCE_MAX_REQUESTS", fallback: maximumRequests, in: 1...100_000, meaning: "requests for one job")
    minimumBytesPerSecond = reader.integer(
      "SOURCE_MIN_SPEED", fallback: minimumBytesPerSecond, in: 0...1_000_000_000,
      meaning: "bytes per second below which a read counts as slow; 0: none does")
    slowSeconds = reader.integer(
      "SOURCE_SLOW_SECONDS", fallback: slowSeconds, in: 1...3600, meaning: "seconds after which a slow read is given up")
    connectSeconds = reader.seconds(
      "SOURCE_CONNECT_TIMEOUT", fallback: connectSeconds, in: 0.1...120, meaning: "seconds for resolving and connecting")
    seconds = reader.seconds(
      "SOURCE_SECONDS", fallback: seconds, in: 1...3600, meaning: "seconds all reading of one job may take together")
    userAgent = reader.headerValue(
      "SOURCE_USER_AGENT", fallback: userAgent, example: userAgent, meaning: "what origins are told of who asks")
    referer = reader.headerValue(
      "SOURCE_REFERER", fallback: referer, example: "https://videos.example.com/",
      meaning: "the page videos are said to be embedded in, for origins that ask")
  }
}
