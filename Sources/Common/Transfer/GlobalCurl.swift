internal import CLibCurl
internal import CLibraryLoading
internal import Glibc

/// libcurl and its process-wide state (`curl_global_init`), loaded and set up once before anything else of it is called.
enum GlobalCurl {
  static let isReady: Bool = {
    unsafe library_require("libcurl.so.4")
    // libidn2 reads host names in the locale's encoding, and "C" has no letters but ASCII's.
    unsafe _ = setlocale(LC_CTYPE, "C.UTF-8")
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
  }()
}
