internal import CLibCurl

/// A result of libcurl (`CURLcode`).
package struct CurlCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  init(_ code: CURLcode) {
    rawValue = code.rawValue
  }

  static let ok = CurlCode(CURLE_OK)
  static let timedOut = CurlCode(CURLE_OPERATION_TIMEDOUT)
  static let writeError = CurlCode(CURLE_WRITE_ERROR)
  static let unsupportedProtocol = CurlCode(CURLE_UNSUPPORTED_PROTOCOL)
  static let unknownHost = CurlCode(CURLE_COULDNT_RESOLVE_HOST)
  static let unconnected = CurlCode(CURLE_COULDNT_CONNECT)
  static let malformedURL = CurlCode(CURLE_URL_MALFORMAT)

  /// libcurl's own sentence (`curl_easy_strerror`), in lower case: it goes into longer ones.
  package var description: String {
    guard let text = unsafe curl_easy_strerror(CURLcode(rawValue)) else { return "transfer error \(rawValue)" }
    let sentence = unsafe String(cString: text)
    return sentence.prefix(1).lowercased() + sentence.dropFirst()
  }
}
