internal import CLibCurl
internal import CLibraryLoading
internal import Glibc

/// Loads libcurl and sets up its process-wide state (`curl_global_init`), once and before its first use.
enum GlobalCurl {
  static let isReady: Bool = {
    unsafe library_require("libcurl.so.4")
    // libidn2 reads host names in the locale's encoding, and "C" has only ASCII.
    unsafe _ = setlocale(LC_CTYPE, "C.UTF-8")
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
  }()
}
