package import Settings

/// How and from where videos are fetched.
package struct SourceSettings: Sendable {
  /// Only these hosts are allowed; empty for any public one.
  package var allowedHosts: Set<String> = []
  /// Hosts that may resolve to private addresses, each as `host:port`.
  package var privateHosts: Set<String> = []
  /// The most bytes to receive for one job.
  package var maximumBytes = 64 << 20
  /// The most requests for one job.
  package var maximumRequests = 200
  /// If fewer bytes per second come over ``slowSeconds``, a read is given up; 0 for no limit.
  package var minimumBytesPerSecond = 1024
  /// How many seconds a read may be that slow.
  package var slowSeconds = 10
  /// The limit in seconds for resolving and connecting.
  package var connectSeconds = 10.0
  /// The limit in seconds for all reads of one job together.
  package var seconds = 30.0
  /// How long an origin may be silent, since that does not renew a lease: see ``HTTPRequest/silentSeconds``. No variable sets it.
  package var silentSeconds: Double?
  /// The `User-Agent` for origins. Filters let pass what calls itself a browser.
  package var userAgent = "Mozilla/5.0 (compatible; thumbnail-handlers)"
  /// The `Referer` for origins that check it: the page in which videos are embedded; empty for none.
  package var referer = ""
  /// The most redirects to follow for one answer.
  package static let maximumRedirects = 3

  /// The defaults.
  package init() {}

  /// Reads the `SOURCE_…` variables. An entry that no URL can match, such as one with a scheme or a path, is reported and ignored.
  package init(_ reader: inout SettingsReader) {
    reader.begin("Fetching videos; where they may be: [sources.md](sources.md)")
    for item in reader.list("SOURCE_ALLOWED_HOSTS", meaning: "the only hosts that videos may come from; empty: any") {
      let named = SourceURL(authority: item).flatMap { item.hasSuffix(":\($0.port)") ? nil : $0 }
      guard let url = named ?? SourceURL(authority: "[\(item)]") else {
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
      meaning: "bytes per second below which a read counts as slow; 0: no read does")
    slowSeconds = reader.integer(
      "SOURCE_SLOW_SECONDS", fallback: slowSeconds, in: 1...3600, meaning: "seconds after which a slow read is given up")
    connectSeconds = reader.seconds(
      "SOURCE_CONNECT_TIMEOUT", fallback: connectSeconds, in: 0.1...120, meaning: "seconds for resolving and connecting")
    seconds = reader.seconds(
      "SOURCE_SECONDS", fallback: seconds, in: 1...3600, meaning: "seconds all reading of one job may take together")
    userAgent = reader.headerValue(
      "SOURCE_USER_AGENT", fallback: userAgent, example: userAgent, meaning: "the User-Agent that origins get")
    referer = reader.headerValue(
      "SOURCE_REFERER", fallback: referer, example: "https://videos.example.com/",
      meaning: "the Referer that origins get, for those that require one")
  }
}
