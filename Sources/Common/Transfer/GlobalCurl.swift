internal import CLibCurl

/// libcurl's process-wide state, set up once before the first handle (`curl_global_init`).
enum GlobalCurl {
  static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
