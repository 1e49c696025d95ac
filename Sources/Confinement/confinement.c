#define _GNU_SOURCE
#include "confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// ---- The list of calls. What is not in it ends the process (SIGSYS).

enum condition {
  ALWAYS,
  ON_SOCKET,       // the socket alone, to and from the other end, nothing out of band
  ON_ERROR,        // standard error, which is the null device
  OWN_MEMORY,      // private, of no file, not to be executed
  NOT_EXECUTABLE,  // memory that is not to be executed
  MOVABLE,         // as realloc() does
  GIVEN_BACK,      // memory that is not needed any more; other advice is refused as an older kernel does
  WAIT_OR_WAKE,    // without priorities
  AS_THREAD,       // exactly what glibc starts a thread with
  ON_ITSELF,       // abort(): SIGABRT to a thread of this process
  NAME_ALONE,      // PR_SET_NAME
  REFUSED,         // EPERM: libraries ask for it and live without it
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

// ---- The filter. It looks at arguments wherever the kernel's code behind one value is larger, or newer, than what a decoder needs: out of
// band data of local sockets, futexes with priorities and shared memory have all been ways out of other people's boxes. The socket and the
// process's own number are filled in when it is loaded: in the rules these marks stand in their place.

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
    // Shared memory, and what grows downwards, is not counted as data (RLIMIT_DATA).
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
  // Else the library asks the kernel by seccomp(2), which systemd's filters refuse, and takes that for an old kernel.
  seccomp_api_set(3);
  scmp_filter_ctx context = seccomp_init(SCMP_ACT_KILL_PROCESS);
  if (!context) return EINVAL;
  // Calls of another kind of program (32 bits) end the process, too: the library's own choice ends but the thread.
  int status = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS), ends[2] = {-1, -1};
  for (size_t i = 0; i < sizeof calls / sizeof *calls && !status; i++) {
    int call = seccomp_syscall_resolve_name(calls[i].name);
    // Some architectures never had the older of two calls.
    if (call >= 0) status = allow(context, call, calls[i].condition);
  }
  if (!status && pipe2(ends, O_CLOEXEC)) status = -errno;
  if (!status) status = seccomp_export_bpf(context, ends[1]);
  if (!status) {
    ssize_t bytes = read(ends[0], filter, sizeof filter);
    filter_length = bytes > 0 ? (size_t)bytes / sizeof *filter : 0;
    // A full buffer may not be the whole of it.
    if (!filter_length || filter_length == sizeof filter / sizeof *filter) status = -E2BIG;
  }
  if (ends[0] >= 0) close(ends[0]);
  if (ends[1] >= 0) close(ends[1]);
  seccomp_release(context);
  return -status;
}

// No process raises what was set for it from outside.
static int limit(int resource, rlim_t soft, rlim_t hard) {
  struct rlimit bounds;
  if (getrlimit(resource, &bounds)) return errno;
  if (hard < bounds.rlim_max) bounds.rlim_max = hard;
  bounds.rlim_cur = soft < bounds.rlim_max ? soft : bounds.rlim_max;
  return setrlimit(resource, &bounds) ? errno : 0;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

#ifndef IS_SANITIZED
// What the limit of data leaves open: address space that is only read costs the kernel its page tables, and a stack may have no end.
static int limit_address_space(uint64_t memory_bytes) {
  // Beyond what is there now a process needs next to nothing that is no data.
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
  // The kernel's soft limit sends SIGXCPU; the hard one would send SIGKILL, which says less.
  int status = limit(RLIMIT_CPU, limits->cpu_seconds, limits->cpu_seconds + 1);
  // CoreDumps.swift says why not none.
  if (!status) status = limit(RLIMIT_CORE, 1, 1);
#ifndef IS_SANITIZED
  // AddressSanitizer, which a build for fuzzing has, writes to 16 TB of addresses, and its report to a file.
  if (!status) status = limit(RLIMIT_DATA, limits->memory_bytes, limits->memory_bytes);
  if (!status) status = limit_address_space(limits->memory_bytes);
  if (!status) status = limit(RLIMIT_FSIZE, 0, 0);
  if (!status) status = limit(RLIMIT_NOFILE, (rlim_t)descriptor + 1, (rlim_t)descriptor + 1);
#endif
  if (status || !limits->is_filtered) return status;
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

// ---- Processes.

void box_settle(void) {
  // It may be asleep, or deaf, when whoever started it is killed. Who is gone already has closed the socket.
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
  for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) signal(ignored[i], SIG_IGN);
  // Swift's runtime catches crashes to print where they happened, by calls that are not allowed: the worker is to see the signal itself.
  static const int fatal[] = {SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
  for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) signal(fatal[i], SIG_DFL);
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) == 0) {
    pthread_attr_setstacksize(&attributes, 1 << 20);
    pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
  }
  // A child lives for some videos: asking the kernel for memory and giving it back costs more than keeping it.
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
}

// The first to go where the host runs out of memory.
static void volunteer(void) {
  int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  // Where it is refused, the kernel chooses by size.
  ssize_t written = write(file, "1000", 4);
  (void)written;
  close(file);
}

static void note_end(int signal) { (void)signal; }

bool box_await(int descriptor) {
  sigset_t end;
  sigset_t before;
  sigemptyset(&end);
  sigaddset(&end, SIGCHLD);
  // Between two calls the signal waits: one that came just before ppoll(2) would be missed otherwise.
  sigprocmask(SIG_BLOCK, &end, &before);
  sigdelset(&before, SIGCHLD);
  struct sigaction action = {.sa_handler = note_end};
  sigaction(SIGCHLD, &action, NULL);
  struct pollfd entry = {descriptor, POLLIN, 0};
  // What else can go wrong, the read says.
  return ppoll(&entry, 1, NULL, &before) >= 0 || errno != EINTR;
}

#ifdef IS_SANITIZED
static void reserve_heap(uint64_t memory_bytes) { (void)memory_bytes; }
#else
// The pictures of a child are zeroed and written page by page, and each page is a fault: a thousand for a small video, which cost as much as its
// decoding. So the heap grows by address space now, from where a huge page begins, and is asked for in huge pages; only what is written to becomes
// memory. The box allows no such advice later. The compiler would leave out a block that nobody uses.
static void reserve_heap(uint64_t memory_bytes) {
  static const size_t huge = 2 << 20, most = 24 << 20;
  size_t size = memory_bytes / 8 < most ? memory_bytes / 8 : most;
  // Pictures come from the heap, too.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  char *block = malloc(size);
  char *volatile filler;
  // Holes that the warming up has left are filled, or pictures would come there first.
  do filler = malloc(16 << 10);
  while (filler && filler < block);
  free(filler);
  free(block);
  if (!block) return;
  // glibc writes the size of a block before it: in a page of its own kind, or the first huge page would be none.
  size_t rest = (uintptr_t)-(uintptr_t)block % huge;
  if (rest > 64) filler = malloc(rest - sizeof(size_t));
  block = malloc(size);
  if (block && (uintptr_t)block % huge == 0) madvise(block, size / huge * huge, MADV_HUGEPAGE);
  free(block);
}
#endif

pid_t box_fork(int job, int descriptor, const box_limits *limits) {
  pid_t parent = getpid();
  pid_t child = fork();
  if (child != 0) return child;
  if (dup2(job, descriptor) < 0 || close_range((unsigned)descriptor + 1, ~0U, 0)) _exit(BOX_UNLOCKED);
  // Without its parent nobody would end it.
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid() != parent) _exit(BOX_UNLOCKED);
  volunteer();
  reserve_heap(limits->memory_bytes);
  if (box_lock(limits, descriptor)) _exit(BOX_UNLOCKED);
  return 0;
}

// ---- Memory. libav calls a lack of it "End of file" or "Invalid data": the refusal itself is noted where it happens.

static volatile bool was_refused;

bool box_took_refusal(void) {
  bool answer = was_refused;
  was_refused = false;
  return answer;
}

void box_note_refusal(void) { was_refused = true; }

#ifndef IS_SANITIZED
extern void *__libc_memalign(size_t alignment, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_calloc(size_t count, size_t size);

// The executable's own come before the library's for everybody in the process.
__attribute__((visibility("default"))) int posix_memalign(void **block, size_t alignment, size_t size) {
  void *found = __libc_memalign(alignment, size);
  if (!found) {
    was_refused = true;
    return ENOMEM;
  }
  *block = found;
  return 0;
}

__attribute__((visibility("default"))) void *realloc(void *block, size_t size) {
  void *found = __libc_realloc(block, size);
  if (!found && size) was_refused = true;
  return found;
}

__attribute__((visibility("default"))) void *calloc(size_t count, size_t size) {
  void *found = __libc_calloc(count, size);
  if (!found && count && size) was_refused = true;
  return found;
}
#endif
