// refuse ERROR CALL,CALL PROGRAM ARGUMENTS…: a program on a host that answers these system calls with the error's number, such as an old kernel
// (ENOSYS), a container whose profile lacks them (EPERM), or a host that is short of something (EAGAIN, EMFILE).
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **arguments) {
  scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
  if (count < 4 || !context) return 126;
  int error = atoi(arguments[1]);
  for (char *name = strtok(arguments[2], ","); name; name = strtok(NULL, ",")) {
    int call = seccomp_syscall_resolve_name(name);
    if (call == __NR_SCMP_ERROR || seccomp_rule_add(context, SCMP_ACT_ERRNO((uint32_t)error), call, 0)) return 126;
  }
  if (seccomp_load(context)) return 126;
  execv(arguments[3], arguments + 3);
  perror(arguments[3]);
  return 127;
}
