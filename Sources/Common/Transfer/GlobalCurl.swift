internal import CLibCurl
internal import Glibc

/// libcurl's process-wide state, set up once before the first handle (`curl_global_init`).
enum GlobalCurl {
  static let isReady: Bool = {
    // libidn2 reads host names in the locale's encoding, and "C" has no letters but ASCII's.
    unsafe _ = setlocale(LC_CTYPE, "C.UTF-8")
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
  }()
}
