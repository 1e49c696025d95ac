package import Deadlines
package import Settings

/// An HTTP exchange to be made.
package struct HTTPRequest {
  /// The method as it is sent.
  package enum Method: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case put = "PUT"
    case post = "POST"
    case delete = "DELETE"
  }

  /// Signs the exchange for an S3 API (`CURLOPT_AWS_SIGV4`).
  package struct Signature: Sendable {
    /// The id of the key, which is sent.
    package let accessKey: Secret
    /// The key that signs, which is never sent.
    package let secretKey: Secret
    /// The region of the bucket, which is part of the signature; `auto` for R2.
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
  /// In the order in which they are sent. An empty value is sent as an empty header.
  package var headers: [(name: String, value: String)] = []
  /// The body of PUT and POST; nil is an empty body.
  package var body: [UInt8]?
  /// Sent as `User-Agent`.
  package var userAgent = "thumbnail-handlers"
  /// Whether a compressed body is decoded (gzip, deflate, br, zstd). ``maximumBodyBytes`` then counts decoded bytes.
  package var decodesContent = false
  /// The byte range to ask for, inclusive.
  package var range: ClosedRange<Int64>?
  /// Whether to leave out the end of ``range``, as browsers do for videos. More bytes may then come.
  package var isRangeOpen = false
  /// Nil for an exchange that is not signed. The caller has to set the header field `x-amz-content-sha256`.
  package var signature: Signature?
  /// For the whole exchange, including name resolution. No exchange takes longer than an hour.
  package var deadline: Deadline
  /// The limit in seconds for resolving and connecting.
  package var connectSeconds = 10.0
  /// If fewer bytes per second come over ``slowSeconds``, the exchange is given up; 0 for no limit.
  package var minimumBytesPerSecond = 0
  /// How many seconds an exchange may be slower than ``minimumBytesPerSecond``.
  package var slowSeconds = 10
  /// How many seconds may pass without a byte of the body, including connecting, accurate to a second; nil for no limit of its own.
  package var silentSeconds: Double?
  /// Seconds after which a connection whose other side is silent, even to what TCP itself asks it, is given up; nil: only the other limits
  /// hold. A firewall that forgets a connection tells neither side.
  package var lostPeerSeconds: Int?
  /// Whether private addresses may be connected to. Only reads of videos forbid it.
  package var allowsPrivateAddresses = true
  /// The longest body accepted, in bytes.
  package var maximumBodyBytes = 1 << 20
  /// The most bytes that may come, counted as ``HTTPResponse/received``; nil for no limit.
  package var maximumReceivedBytes: Int?

  package init(_ method: Method, _ url: String, deadline: Deadline) {
    self.method = method
    self.url = url
    self.deadline = deadline
  }
}
