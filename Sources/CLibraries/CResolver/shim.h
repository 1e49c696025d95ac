#pragma once
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <stdbool.h>

// The resolver's state is a structure with unions and bit fields, which Swift imports in part only.

/// Whether one of the name servers of /etc/resolv.conf answers within a second, if it is asked for the address of `name`, or for the servers of the
/// root if that is ".". That there is no such name is an answer, too. Docker's name server knows nothing but addresses.
static inline bool cresolver_answers(const char *name) {
  bool is_root = name[0] == '.' && name[1] == '\0';
  struct __res_state state = {0};
  if (res_ninit(&state) != 0) return false;
  state.retrans = 1;
  state.retry = 1;
  unsigned char answer[NS_PACKETSZ];
  bool answers = res_nsearch(&state, name, ns_c_in, is_root ? ns_t_ns : ns_t_a, answer, sizeof answer) >= 0 || state.res_h_errno != TRY_AGAIN;
  res_nclose(&state);
  return answers;
}
