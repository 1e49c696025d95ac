#pragma once
// Easy, multi and URL interfaces.
#include <curl/curl.h>
// The address to which a socket is about to be opened (CURLOPT_OPENSOCKETFUNCTION), and its text.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

// curl_easy_setopt is variadic, which Swift cannot call: one function for each argument type.
static inline CURLcode ccurl_set_long(CURL *h, CURLoption o, long v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode ccurl_set_offset(CURL *h, CURLoption o, curl_off_t v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode ccurl_set_string(CURL *h, CURLoption o, const char *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode ccurl_set_pointer(CURL *h, CURLoption o, void *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode ccurl_set_list(CURL *h, CURLoption o, struct curl_slist *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode ccurl_set_write(CURL *h, CURLoption o, size_t (*f)(char *, size_t, size_t, void *)) { return curl_easy_setopt(h, o, f); }
static inline CURLcode ccurl_set_progress(CURL *h, CURLoption o, int (*f)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t)) { return curl_easy_setopt(h, o, f); }
static inline CURLcode ccurl_set_debug(CURL *h, CURLoption o, int (*f)(CURL *, curl_infotype, char *, size_t, void *)) { return curl_easy_setopt(h, o, f); }
static inline CURLcode ccurl_set_socket(CURL *h, CURLoption o, curl_socket_t (*f)(void *, curlsocktype, struct curl_sockaddr *)) { return curl_easy_setopt(h, o, f); }
static inline CURLcode ccurl_set_lookup(CURL *h, CURLoption o, int (*f)(void *, void *, void *)) { return curl_easy_setopt(h, o, f); }
// curl_easy_getinfo is variadic, too. The address of the other side; empty if there was no connection.
static inline const char *ccurl_peer(CURL *h) { const char *a = 0; return curl_easy_getinfo(h, CURLINFO_PRIMARY_IP, &a) == CURLE_OK ? a : 0; }
// Whether all was ready for the request to be sent.
static inline bool ccurl_was_connected(CURL *h) { curl_off_t t = 0; return curl_easy_getinfo(h, CURLINFO_PRETRANSFER_TIME_T, &t) == CURLE_OK && t > 0; }
// The message's result is a C union, which Swift would import as unsafe storage.
static inline CURLcode ccurl_message_result(CURLMsg *m) { return m->data.result; }
// CURL_SOCKET_BAD is a macro with a cast.
static inline curl_socket_t ccurl_socket_bad(void) { return CURL_SOCKET_BAD; }
