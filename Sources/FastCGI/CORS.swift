/// The cross-origin headers of every answer. nginx adds them only to errors of its own.
enum CORS {
  static let headers: [(name: String, value: String)] = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
    (
      "Access-Control-Allow-Headers",
      "authorization, x-client-info, apikey, content-type, prefer, x-requested-with, x-retry-count, traceparent, "
        + "tracestate, baggage"
    ),
  ]
}
