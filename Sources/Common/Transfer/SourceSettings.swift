package import Settings

/// How videos are fetched, and from where they may be.
package struct SourceSettings: Sendable {
  /// `SOURCE_ALLOWED_HOSTS`: only these hosts; empty means any public one.
  package var allowedHosts: Set<String> = []
  /// `SOURCE_PRIVATE_HOSTS`, as `host:port`: these may resolve to a private address.
  package var privateHosts: Set<String> = []
  /// `SOURCE_MAX_BYTES`: bytes received for one job (64 MiB).
  package var maximumBytes = 64 << 20
  /// `SOURCE_MAX_REQUESTS`: requests for one job (200).
  package var maximumRequests = 200
  /// `SOURCE_MIN_SPEED`: bytes per second below which, over ``slowSeconds``, a read is given up (1024; 0: never).
  package var minimumBytesPerSecond = 1024
  /// `SOURCE_SLOW_SECONDS`: how long a read may be that slow (10).
  package var slowSeconds = 10
  /// `SOURCE_CONNECT_TIMEOUT`: seconds for resolving and connecting (10).
  package var connectSeconds = 10.0
  /// `SOURCE_SECONDS`: seconds all reading of one job may take together (30).
  package var seconds = 30.0
  /// `SOURCE_USER_AGENT`: what origins are told of who asks. Filters let pass what calls itself a browser.
  package var userAgent = "Mozilla/5.0 (compatible; thumbnail-handlers)"
  /// `SOURCE_REFERER`: the page videos are said to be embedded in, for origins that ask; empty: none.
  package var referer = ""
  /// Redirects followed for one answer.
  package static let maximumRedirects = 3

  package init() {}

  package init(_ reader: inout SettingsReader) {
    allowedHosts = Set(reader.list("SOURCE_ALLOWED_HOSTS").map { SourceURL.comparable(host: $0) })
    for item in reader.list("SOURCE_PRIVATE_HOSTS") {
      guard let colon = item.lastIndex(of: ":"), Int(item[item.index(after: colon)...]) != nil else {
        reader.report("SOURCE_PRIVATE_HOSTS names \"\(item)\", expected host:port, for example 127.0.0.1:8080")
        continue
      }
      privateHosts.insert(item.lowercased())
    }
    maximumBytes = reader.integer("SOURCE_MAX_BYTES", fallback: maximumBytes, in: 65_536...(16 << 30))
    maximumRequests = reader.integer("SOURCE_MAX_REQUESTS", fallback: maximumRequests, in: 1...100_000)
    minimumBytesPerSecond = reader.integer("SOURCE_MIN_SPEED", fallback: minimumBytesPerSecond, in: 0...1_000_000_000)
    slowSeconds = reader.integer("SOURCE_SLOW_SECONDS", fallback: slowSeconds, in: 1...3600)
    connectSeconds = reader.seconds("SOURCE_CONNECT_TIMEOUT", fallback: connectSeconds, in: 0.1...120)
    seconds = reader.seconds("SOURCE_SECONDS", fallback: seconds, in: 1...3600)
    userAgent = reader.headerValue("SOURCE_USER_AGENT", fallback: userAgent, example: userAgent)
    referer = reader.headerValue("SOURCE_REFERER", fallback: referer, example: "https://videos.example.com/")
  }
}
