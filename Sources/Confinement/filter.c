#define _GNU_SOURCE
#include "confinement.h"
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

// ---- The list of calls. Any other call kills the process (SIGSYS).

enum condition {
  ALWAYS,
  ON_SOCKET,       // only the socket, no other address, no out-of-band data
  ON_ERROR,        // only standard error, which is the null device
  OWN_MEMORY,      // private, anonymous, not executable
  NOT_EXECUTABLE,  // memory that is not executable
  MOVABLE,         // as realloc() does
  GIVEN_BACK,      // gives memory back; newer advice fails as in an older kernel
  WAIT_OR_WAKE,    // without priorities
  AS_THREAD,       // exactly the flags with which glibc starts a thread
  ON_ITSELF,       // abort() sends SIGABRT to a thread of this process
  NAME_ALONE,      // PR_SET_NAME
  REFUSED,         // EPERM: libraries try it and work without it
  UNKNOWN          // ENOSYS: glibc falls back to an older call
};

static const struct {
  const char *name;
  enum condition condition;
} calls[] = {
    {"recvfrom", ON_SOCKET},
    {"write", ON_ERROR},
    {"sendto", ON_SOCKET},
    {"brk", ALWAYS},
    {"mmap", OWN_MEMORY},
    {"mprotect", NOT_EXECUTABLE},
    {"munmap", ALWAYS},
    {"mremap", MOVABLE},
    {"madvise", GIVEN_BACK},
    {"futex", WAIT_OR_WAKE},
    {"clone", AS_THREAD},
    {"set_robust_list", ALWAYS},
    {"rseq", ALWAYS},
    {"rt_sigprocmask", ALWAYS},
    {"rt_sigreturn", ALWAYS},
    {"prctl", NAME_ALONE},
    {"gettid", ALWAYS},
    {"getpid", ALWAYS},
    {"tgkill", ON_ITSELF},
    {"getrandom", ALWAYS},
    {"clock_gettime", ALWAYS},
    {"clock_getres", ALWAYS},
    {"clock_nanosleep", ALWAYS},
    {"gettimeofday", ALWAYS},
    {"time", ALWAYS},
    {"sched_yield", ALWAYS},
    {"sched_getaffinity", ALWAYS},
    {"restart_syscall", ALWAYS},
    {"exit", ALWAYS},
    {"exit_group", ALWAYS},
    {"clone3", UNKNOWN},
    {"open", REFUSED},
    {"openat", REFUSED},
    {"access", REFUSED},
    {"faccessat", REFUSED},
    {"readlink", REFUSED},
    {"readlinkat", REFUSED},
    {"stat", REFUSED},
    {"lstat", REFUSED},
    {"fstat", REFUSED},
    {"newfstatat", REFUSED},
    {"statx", REFUSED},
    {"ioctl", REFUSED},
    {"writev", REFUSED},
    {"rt_sigaction", REFUSED},
    {"sigaltstack", REFUSED},
    {"prlimit64", REFUSED},
    {"sched_setaffinity", REFUSED},
    {"sched_setscheduler", REFUSED},
    {"sched_setparam", REFUSED},
};

static const char *const notes[] = {
    [ALWAYS] = "",
    [ON_SOCKET] = " (its socket, not out of band)",
    [ON_ERROR] = " (the null device)",
    [OWN_MEMORY] = " (MAP_PRIVATE|MAP_ANONYMOUS, not PROT_EXEC)",
    [NOT_EXECUTABLE] = " (not PROT_EXEC)",
    [MOVABLE] = " (MREMAP_MAYMOVE)",
    [GIVEN_BACK] = " (up to MADV_FREE, else EINVAL)",
    [WAIT_OR_WAKE] = " (wait, wake)",
    [AS_THREAD] = " (a thread)",
    [ON_ITSELF] = " (SIGABRT to itself)",
    [NAME_ALONE] = " (PR_SET_NAME)",
    [REFUSED] = " = EPERM",
    [UNKNOWN] = " = ENOSYS",
};

const char *box_line(int number) {
  static char line[120];
  if (number < 0 || (size_t)number >= sizeof calls / sizeof *calls) return NULL;
  snprintf(line, sizeof line, "%s%s", calls[number].name, notes[calls[number].condition]);
  return line;
}

// ---- The filter. It checks arguments wherever one call number covers more, or newer, kernel code than a decoder needs: out-of-band data
// of local sockets, futexes with priorities and shared memory have all been ways out of other sandboxes. The rules have marks in place of
// the socket and the process id, which are filled in when the filter is loaded.

enum { SOCKET_MARK = 0x5f0c0e71, PROCESS_MARK = 0x5f0c0e72 };
static struct sock_filter filter[1024];
static size_t filter_length;

static int allow(scmp_filter_ctx context, int call, enum condition condition) {
  const uint32_t yes = SCMP_ACT_ALLOW;
  const uint64_t thread = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS
                          | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
  switch (condition) {
  case ALWAYS: return seccomp_rule_add(context, yes, call, 0);
  case ON_SOCKET: {
    const uint32_t flags = call == SCMP_SYS(sendto) ? MSG_NOSIGNAL : 0;
    return seccomp_rule_add(context, yes, call, 3, SCMP_A0_32(SCMP_CMP_EQ, SOCKET_MARK), SCMP_A3_32(SCMP_CMP_EQ, flags),
                            SCMP_A4(SCMP_CMP_EQ, 0));
  }
  case ON_ERROR: return seccomp_rule_add(context, yes, call, 1, SCMP_A0_32(SCMP_CMP_EQ, 2));
  case OWN_MEMORY:
    // Shared memory and stacks that grow downwards do not count as data (RLIMIT_DATA).
    return seccomp_rule_add(context, yes, call, 2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                            SCMP_A3(SCMP_CMP_MASKED_EQ, ~(uint64_t)(MAP_NORESERVE | MAP_STACK | MAP_FIXED | MAP_FIXED_NOREPLACE),
                                    MAP_PRIVATE | MAP_ANONYMOUS));
  case NOT_EXECUTABLE: return seccomp_rule_add(context, yes, call, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  case MOVABLE: return seccomp_rule_add(context, yes, call, 1, SCMP_A3(SCMP_CMP_EQ, MREMAP_MAYMOVE));
  case GIVEN_BACK: {
    int status = seccomp_rule_add(context, yes, call, 1, SCMP_A2_32(SCMP_CMP_LE, MADV_FREE));
    return status ? status : seccomp_rule_add(context, SCMP_ACT_ERRNO(EINVAL), call, 1, SCMP_A2_32(SCMP_CMP_GT, MADV_FREE));
  }
  case WAIT_OR_WAKE: {
    static const uint32_t kinds[] = {FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET};
    int status = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !status; i++)
      status = seccomp_rule_add(context, yes, call, 1, SCMP_A1_32(SCMP_CMP_MASKED_EQ, (uint32_t)FUTEX_CMD_MASK, kinds[i]));
    return status;
  }
  case AS_THREAD: return seccomp_rule_add(context, yes, call, 1, SCMP_A0(SCMP_CMP_EQ, thread));
  case ON_ITSELF:
    return seccomp_rule_add(context, yes, call, 2, SCMP_A0_32(SCMP_CMP_EQ, PROCESS_MARK), SCMP_A2_32(SCMP_CMP_EQ, SIGABRT));
  case NAME_ALONE: return seccomp_rule_add(context, yes, call, 1, SCMP_A0_32(SCMP_CMP_EQ, PR_SET_NAME));
  case REFUSED: return seccomp_rule_add(context, SCMP_ACT_ERRNO(EPERM), call, 0);
  case UNKNOWN: return seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), call, 0);
  }
  return -EINVAL;
}

int box_prepare(void) {
  // Otherwise the library probes the kernel with seccomp(2). systemd's filters refuse that, and it then assumes an old kernel.
  seccomp_api_set(3);
  scmp_filter_ctx context = seccomp_init(SCMP_ACT_KILL_PROCESS);
  if (!context) return EINVAL;
  // Calls of another architecture (32 bits) kill the whole process, too. The library's default kills only the thread.
  int status = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS), ends[2] = {-1, -1};
  for (size_t i = 0; i < sizeof calls / sizeof *calls && !status; i++) {
    int call = seccomp_syscall_resolve_name(calls[i].name);
    // Some architectures lack the older one of two calls.
    if (call >= 0) status = allow(context, call, calls[i].condition);
  }
  if (!status && pipe2(ends, O_CLOEXEC)) status = -errno;
  if (!status) status = seccomp_export_bpf(context, ends[1]);
  if (!status) {
    ssize_t bytes = read(ends[0], filter, sizeof filter);
    filter_length = bytes > 0 ? (size_t)bytes / sizeof *filter : 0;
    // If the buffer is full, the filter may have been cut off.
    if (!filter_length || filter_length == sizeof filter / sizeof *filter) status = -E2BIG;
  }
  if (ends[0] >= 0) close(ends[0]);
  if (ends[1] >= 0) close(ends[1]);
  seccomp_release(context);
  return -status;
}

int box_filter(int descriptor) {
  if (!filter_length) return EINVAL;
  for (size_t i = 0; i < filter_length; i++) {
    if (BPF_CLASS(filter[i].code) != BPF_JMP) continue;
    if (filter[i].k == SOCKET_MARK) filter[i].k = (uint32_t)descriptor;
    if (filter[i].k == PROCESS_MARK) filter[i].k = (uint32_t)getpid();
  }
  struct sock_fprog program = {(unsigned short)filter_length, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) return errno;
  return 0;
}
