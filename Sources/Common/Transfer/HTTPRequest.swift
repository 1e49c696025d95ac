package import Deadlines
package import Settings

/// One HTTP exchange to be made.
package struct HTTPRequest {
  /// The method, as it is sent.
  package enum Method: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case put = "PUT"
    case post = "POST"
    case delete = "DELETE"
  }

  /// Signs the exchange for an S3 API (`CURLOPT_AWS_SIGV4`).
  package struct Signature: Sendable {
    /// The id of the key. It is sent.
    package let accessKey: Secret
    /// Signs, and is never sent.
    package let secretKey: Secret
    /// The region of the bucket, which is signed, too; `auto` for R2.
    package let region: String

    package init(accessKey: Secret, secretKey: Secret, region: String) {
      self.accessKey = accessKey
      self.secretKey = secretKey
      self.region = region
    }
  }

  /// Only PUT and POST send a ``body``.
  package var method: Method
  /// Absolute, `http` or `https`. libcurl refuses another scheme and a user name.
  package var url: String
  /// In the order they are sent. An empty value is sent as an empty header.
  package var headers: [(name: String, value: String)] = []
  /// What PUT and POST send; nil is an empty body.
  package var body: [UInt8]?
  /// Sent as `User-Agent`.
  package var userAgent = "thumbnail-handlers"
  /// Whether a compressed body is decoded (gzip, deflate, br, zstd); ``maximumBodyBytes`` counts what comes out.
  package var decodesContent = false
  /// Inclusive byte range to ask for.
  package var range: ClosedRange<Int64>?
  /// Whether the end of ``range`` is not told, as browsers ask for videos: more may come.
  package var isRangeOpen = false
  /// Nil for an exchange that is not signed. The header field `x-amz-content-sha256` is for the caller to set.
  package var signature: Signature?
  /// For the whole exchange, name resolution included; no exchange takes longer than an hour.
  package var deadline: Deadline
  /// Seconds for resolving and connecting.
  package var connectSeconds = 10.0
  /// Below so many bytes per second over ``slowSeconds`` the exchange is given up; 0: never.
  package var minimumBytesPerSecond = 0
  /// For how long an exchange may be slower than ``minimumBytesPerSecond``.
  package var slowSeconds = 10
  /// For how long nothing of a body may come, connecting included, to a second; nil: as long as the other limits allow.
  package var silentSeconds: Double?
  /// Whether addresses that are not public may be connected to. Only source reads say no.
  package var allowsPrivateAddresses = true
  /// The longest body that is taken.
  package var maximumBodyBytes = 1 << 20
  /// So many bytes may come at most, counted as ``HTTPResponse/received``; nil: as many as come in time.
  package var maximumReceivedBytes: Int?

  package init(_ method: Method, _ url: String, deadline: Deadline) {
    self.method = method
    self.url = url
    self.deadline = deadline
  }
}
