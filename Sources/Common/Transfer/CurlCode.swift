internal import CLibCurl

/// A result of libcurl (`CURLcode`).
struct CurlCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The number in curl.h; 0 is success.
  let rawValue: UInt32

  init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  init(_ code: CURLcode) {
    rawValue = code.rawValue
  }

  static let ok = CurlCode(CURLE_OK)
  static let timedOut = CurlCode(CURLE_OPERATION_TIMEDOUT)
  static let aborted = CurlCode(CURLE_ABORTED_BY_CALLBACK)
  static let outOfMemory = CurlCode(CURLE_OUT_OF_MEMORY)
  /// `CURLE_TOO_LARGE`, which libcurl 7.88 does not have yet.
  static let tooLarge = CurlCode(rawValue: 100)
  /// We refused what came, or there are bytes after the end of a compressed body.
  static let unwritten = CurlCode(CURLE_WRITE_ERROR)
  static let notCompressed = CurlCode(CURLE_BAD_CONTENT_ENCODING)
  static let unsupportedProtocol = CurlCode(CURLE_UNSUPPORTED_PROTOCOL)
  static let unknownHost = CurlCode(CURLE_COULDNT_RESOLVE_HOST)
  static let unconnected = CurlCode(CURLE_COULDNT_CONNECT)
  static let noTLS = CurlCode(CURLE_SSL_CONNECT_ERROR)
  /// There is no list of certificate authorities.
  static let noAuthorities = CurlCode(CURLE_SSL_CACERT_BADFILE)
  static let untrusted = CurlCode(CURLE_PEER_FAILED_VERIFICATION)
  static let unsent = CurlCode(CURLE_SEND_ERROR)
  static let unreceived = CurlCode(CURLE_RECV_ERROR)
  static let malformedURL = CurlCode(CURLE_URL_MALFORMAT)

  /// libcurl's sentence (`curl_easy_strerror`), as a part of longer ones.
  var description: String {
    guard let text = unsafe curl_easy_strerror(CURLcode(rawValue)) else { return "transfer error \(rawValue)" }
    return unsafe String(cString: text).inSentence
  }
}

extension String {
  /// A sentence as part of a longer one: in lower case, unless it begins with an abbreviation (`SSL peer certificate …`).
  var inSentence: String { dropFirst().first?.isUppercase == true ? self : prefix(1).lowercased() + dropFirst() }
}
