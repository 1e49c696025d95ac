#pragma once
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

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
