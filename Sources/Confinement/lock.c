#define _GNU_SOURCE
#include "confinement.h"
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Sets a limit, but never above what was set from outside.
static int limit(int resource, rlim_t soft, rlim_t hard) {
  struct rlimit bounds;
  if (getrlimit(resource, &bounds)) return errno;
  if (hard < bounds.rlim_max) bounds.rlim_max = hard;
  bounds.rlim_cur = soft < bounds.rlim_max ? soft : bounds.rlim_max;
  return setrlimit(resource, &bounds) ? errno : 0;
}

#ifndef IS_SANITIZED
// Limits what RLIMIT_DATA does not cover: read-only address space takes memory for page tables, and a stack might have no limit.
static int limit_address_space(uint64_t memory_bytes) {
  // Apart from data, a process needs next to nothing beyond what it has now.
  static const rlim_t little = 64 << 20, stack = 8 << 20;
  char text[64] = "";
  int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  rlim_t pages = count > 0 ? strtoul(text, NULL, 10) : 0;
  if (!pages) return EINVAL;
  rlim_t most = pages * (rlim_t)sysconf(_SC_PAGESIZE) + memory_bytes + little;
  int status = limit(RLIMIT_AS, most, most);
  return status ? status : limit(RLIMIT_STACK, stack, stack);
}
#endif

int box_lock(const box_limits *limits, int descriptor) {
  // At the soft limit the kernel sends SIGXCPU; at the hard one it would send SIGKILL, which says less.
  int status = limit(RLIMIT_CPU, limits->cpu_seconds, limits->cpu_seconds + 1);
  // CoreDumps.swift says why the limit is not 0.
  if (!status) status = limit(RLIMIT_CORE, 1, 1);
#ifndef IS_SANITIZED
  // AddressSanitizer, which fuzzing builds use, needs 16 TB of address space and writes its report to a file.
  if (!status) status = limit(RLIMIT_DATA, limits->memory_bytes, limits->memory_bytes);
  if (!status) status = limit_address_space(limits->memory_bytes);
  if (!status) status = limit(RLIMIT_FSIZE, 0, 0);
  if (!status) status = limit(RLIMIT_NOFILE, (rlim_t)descriptor + 1, (rlim_t)descriptor + 1);
#endif
  return status || !limits->is_filtered ? status : box_filter(descriptor);
}

int box_prove(const box_limits *limits) {
  pid_t child = fork();
  if (child < 0) return errno;
  if (child == 0) {
    int status = box_lock(limits, 3);
    if (status) _exit(status < 128 ? status : EINVAL);
    syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
    _exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return errno;
  if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGSYS ? 0 : EINTR;
  return WEXITSTATUS(status) ? WEXITSTATUS(status) : ENOSYS;
}
