// refuse ERROR CALL,CALL PROGRAM ARGUMENTS…: a program on a host that answers these system calls with the error's number, such as an old kernel
// (ENOSYS), a container whose profile lacks them (EPERM), or a host that is short of something (EAGAIN, EMFILE). `thread` is the start of a thread,
// and not that of a process; `folder` the opening of a folder, and not of a file.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int refuse(scmp_filter_ctx context, const char *name, uint32_t error) {
  if (!strcmp(name, "thread")) {
    // Its flags cannot be seen: then the C library takes clone.
    int status = seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return status ? status
                  : seccomp_rule_add(context, SCMP_ACT_ERRNO(error), SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  }
  if (!strcmp(name, "folder"))
    return seccomp_rule_add(context, SCMP_ACT_ERRNO(error), SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, O_DIRECTORY, O_DIRECTORY));
  int call = seccomp_syscall_resolve_name(name);
  return call == __NR_SCMP_ERROR ? -EINVAL : seccomp_rule_add(context, SCMP_ACT_ERRNO(error), call, 0);
}

int main(int count, char **arguments) {
  scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
  if (count < 4 || !context) return 126;
  uint32_t error = (uint32_t)atoi(arguments[1]);
  for (char *name = strtok(arguments[2], ","); name; name = strtok(NULL, ","))
    if (refuse(context, name, error)) return 126;
  if (seccomp_load(context)) return 126;
  execv(arguments[3], arguments + 3);
  perror(arguments[3]);
  return 127;
}
