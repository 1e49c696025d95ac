#pragma once
#include <arpa/nameser.h>
#include <netdb.h>
#include <pthread.h>
#include <resolv.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

// glibc's functions behind _GNU_SOURCE, which Swift's Glibc does not define.
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int pthread_clockjoin_np(pthread_t thread, void **value, clockid_t clock, const struct timespec *end);

// The SCM_RIGHTS macros are computed, which Swift does not import.

/// Sends up to `size` bytes, and a descriptor unless it is negative. Returns the number of bytes sent, or -1 with errno.
static inline ssize_t csock_send(int socket, const void *bytes, size_t size, int descriptor, int flags) {
  struct iovec part = {(void *)bytes, size};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (descriptor >= 0) {
    memset(&control, 0, sizeof control);
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
  }
  return sendmsg(socket, &message, flags | MSG_NOSIGNAL);
}

/// Receives up to `size` bytes, and the descriptor that came with them, or -1. Returns the number of bytes, 0 at the end, or -1 with errno.
static inline ssize_t csock_receive(int socket, void *bytes, size_t size, int *descriptor, int flags) {
  struct iovec part = {bytes, size};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t received = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
  *descriptor = -1;
  if (received >= 0) {
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) memcpy(descriptor, CMSG_DATA(header), sizeof(int));
  }
  return received;
}

// The resolver's state is a structure with unions and bit fields, which Swift imports in part only.

/// Whether one of the name servers of /etc/resolv.conf answers within a second, if it is asked for the address of `name`, or for the servers of the
/// root if that is ".". That there is no such name is an answer, too. Docker's name server knows nothing but addresses. Only as many are asked as fit
/// into `seconds`; the first one always is. If there is time, each is asked twice: a datagram may be lost.
static inline bool cresolver_answers(const char *name, int seconds) {
  bool is_root = name[0] == '.' && name[1] == '\0';
  struct __res_state state = {0};
  if (res_ninit(&state) != 0) return false;
  state.retrans = 1;
  // Another name is asked for in two forms: as it is, and with a domain of the search list.
  int most = is_root ? seconds : seconds / 2;
  if (state.nscount > most) state.nscount = most > 1 ? most : 1;
  // The second time takes up to two seconds.
  state.retry = most >= 3 * state.nscount ? 2 : 1;
  unsigned char answer[NS_PACKETSZ];
  bool answers = res_nsearch(&state, name, ns_c_in, is_root ? ns_t_ns : ns_t_a, answer, sizeof answer) >= 0 || state.res_h_errno != TRY_AGAIN;
  res_nclose(&state);
  return answers;
}
