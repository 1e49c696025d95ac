// Every number a system call may have, from a process that is locked up: those that do not end it have to be the allowed ones. Then allowed
// calls with what the filter does not let them have, and ways into the kernel that are not this program's own.
//
// Prints a line for each that is otherwise than it should be, and at the end how many were tried.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
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

#include "confinement.h"

enum { SOCKET = 3, NUMBERS = 1024, X32 = 0x40000000 };
static const box_limits limits = {768 << 20, 60, true};
static const long threaded = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS
                             | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
static int tried;

typedef struct {
  const char *what;
  long number;
  long with[6];
} call;

enum entry { OWN, INT80 };

static long enter(const call *made, enum entry entry) {
  const long *a = made->with;
#ifdef __x86_64__
  if (entry == INT80) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(made->number), "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "D"(a[4]) : "memory");
    return result;
  }
#endif
  return syscall(made->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

// How a child that is locked up ends after it: the signal, or the error's number above 256.
static int try(const call *made, enum entry entry) {
  tried++;
  pid_t child = fork();
  if (child < 0) exit(2);
  if (child == 0) {
    if (box_lock(&limits, SOCKET)) _exit(255);
    call own = *made;
    // 1 in the place of a process means its own.
    if (own.number == SYS_tgkill && own.with[0] == 1) own.with[0] = own.with[1] = getpid();
    errno = 0;
    long result = enter(&own, entry);
    _exit(result < 0 ? errno : 0);
  }
  int status;
  if (waitpid(child, &status, 0) != child) exit(2);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 256 + WEXITSTATUS(status);
}

static void should(const call *made, enum entry entry, int end, const char *which) {
  int status = try(made, entry);
  if (status != end) printf("%s (%s%ld): %d, not %d\n", made->what, which, made->number, status, end);
}

// What the line says of a call that is no plain permission: its error above 256; 0 where it says none, -1 where there is no such line.
static int listed(const char *name) {
  const char *line;
  for (int number = 0; (line = box_line(number)); number++) {
    size_t length = strcspn(line, " ");
    if (strlen(name) != length || strncmp(line, name, length)) continue;
    if (strstr(line, "= EPERM")) return 256 + EPERM;
    return strstr(line, "= ENOSYS") ? 256 + ENOSYS : 0;
  }
  return -1;
}

// What an allowed call has to have.
static const call fitting[] = {
    {"sendto", SYS_sendto, {SOCKET, 0, 0, MSG_NOSIGNAL}}, {"recvfrom", SYS_recvfrom, {SOCKET}}, {"write", SYS_write, {2}},
    {"mmap", SYS_mmap, {0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1}}, {"mremap", SYS_mremap, {0, 0, 0, MREMAP_MAYMOVE}},
    {"clone", SYS_clone, {threaded}}, {"prctl", SYS_prctl, {PR_SET_NAME}}, {"tgkill", SYS_tgkill, {1, 1, SIGABRT}},
};

// The kernel keeps these for its own probes, lets no filter see them, and does nothing where it has set none (uretprobe, uprobe).
static bool is_the_kernels(long number) {
#ifdef __x86_64__
  return number == 335 || number == 336;
#else
  (void)number;
  return false;
#endif
}

static call with_what_fits(long number, const char *name) {
  for (size_t i = 0; i < sizeof fitting / sizeof *fitting; i++)
    if (fitting[i].number == number) return fitting[i];
  return (call){name, number, {0}};
}

#define FUTEX(operation) {"futex " #operation, SYS_futex, {0, operation}}, {"futex " #operation " private", SYS_futex, {0, operation | FUTEX_PRIVATE_FLAG}}
#define MMAP(kind) {"mmap " #kind, SYS_mmap, {0, 1 << 21, PROT_READ | PROT_WRITE, kind, -1}}

static char byte;
static const call hostile[] = {
    {"out of band to the worker", SYS_sendto, {SOCKET, (long)&byte, 1, MSG_OOB | MSG_NOSIGNAL}},
    {"out of band from the worker", SYS_recvfrom, {SOCKET, (long)&byte, 1, MSG_OOB}},
    {"a look ahead", SYS_recvfrom, {SOCKET, (long)&byte, 1, MSG_PEEK}},
    {"to an address", SYS_sendto, {SOCKET, (long)&byte, 1, MSG_NOSIGNAL, (long)&byte, 1}},
    {"who it comes from", SYS_recvfrom, {SOCKET, (long)&byte, 1, 0, (long)&byte, (long)&byte}},
    {"to another descriptor", SYS_sendto, {0, (long)&byte, 1, MSG_NOSIGNAL}},
    {"write to its socket", SYS_write, {SOCKET}},
    MMAP(MAP_SHARED | MAP_ANONYMOUS), MMAP(MAP_SHARED_VALIDATE | MAP_ANONYMOUS), MMAP(MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN),
    MMAP(MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB), MMAP(MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED),
    MMAP(MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE),
    {"mmap of a descriptor", SYS_mmap, {0, 4096, PROT_READ, MAP_PRIVATE, 0}},
    {"mmap to be executed", SYS_mmap, {0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1}},
    {"mprotect to be executed", SYS_mprotect, {0, 4096, PROT_EXEC}},
    {"mremap to where it likes", SYS_mremap, {0, 0, 0, MREMAP_MAYMOVE | MREMAP_FIXED}},
    {"mremap that leaves it behind", SYS_mremap, {0, 0, 0, MREMAP_MAYMOVE | 4}},
    FUTEX(FUTEX_FD), FUTEX(FUTEX_REQUEUE), FUTEX(FUTEX_CMP_REQUEUE), FUTEX(FUTEX_WAKE_OP), FUTEX(FUTEX_LOCK_PI), FUTEX(FUTEX_UNLOCK_PI),
    FUTEX(FUTEX_TRYLOCK_PI), FUTEX(FUTEX_WAIT_REQUEUE_PI), FUTEX(FUTEX_CMP_REQUEUE_PI), FUTEX(13),
    {"clone as fork", SYS_clone, {SIGCHLD}}, {"clone as vfork", SYS_clone, {CLONE_VM | CLONE_VFORK | SIGCHLD}},
    {"a thread in a namespace of users", SYS_clone, {threaded | CLONE_NEWUSER}},
    {"a thread with a descriptor", SYS_clone, {threaded | CLONE_PIDFD}},
    {"a thread of its own process", SYS_clone, {threaded & ~CLONE_THREAD}},
    {"a thread with high bits", SYS_clone, {threaded | 1L << 33}},
    {"SIGKILL to itself", SYS_tgkill, {1, 1, SIGKILL}}, {"SIGABRT to another", SYS_tgkill, {2, 2, SIGABRT}},
    {"SIGABRT to everybody", SYS_tgkill, {-1, -1, SIGABRT}},
};

static const call refused[] = {
    {"memory that is only read, a terabyte", SYS_mmap, {0, 1L << 40, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1}},
    {"address space alone, a terabyte", SYS_mmap, {0, 1L << 40, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1}},
    {"memory, a gigabyte", SYS_mmap, {0, 1L << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1}},
};

__attribute__((noinline)) static void deep(void) {
  volatile char here[12 << 20];
  for (size_t i = sizeof here; i; i -= 4096) here[i - 4096] = 1;
}

static void stack(void) {
  tried++;
  struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
  pid_t child = fork();
  if (child == 0) {
    // Where it may not be raised it has an end already.
    if (setrlimit(RLIMIT_STACK, &none) && errno != EPERM) _exit(254);
    if (box_lock(&limits, SOCKET)) _exit(255);
    deep();
    _exit(0);
  }
  int status;
  if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) || WTERMSIG(status) != SIGSEGV) printf("a stack without an end: %x\n", status);
}

int main(void) {
  // A socket whose other end is closed: nobody waits.
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) || dup2(ends[0], SOCKET) < 0) return 2;
  if (ends[0] != SOCKET) close(ends[0]);
  if (ends[1] != SOCKET) close(ends[1]);
  if (box_prepare()) return 2;
  for (long number = 0; number < NUMBERS; number++) {
    char *found = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, (int)number);
    const char *name = found ? found : "no name";
    call made = with_what_fits(number, name);
    int wanted = listed(name), status = try(&made, OWN);
    if (wanted < 0 && status != SIGSYS && !is_the_kernels(number)) printf("%s (%ld) does not end it: %d\n", name, number, status);
    if (wanted >= 0 && status == SIGSYS) printf("%s (%ld) ends it\n", name, number);
    if (wanted > 0 && status != wanted) printf("%s (%ld): %d, not %d\n", name, number, status, wanted);
    free(found);
#ifdef __x86_64__
    made.number = number | X32;
    should(&made, OWN, SIGSYS, "x32 ");
    made.number = number;
    // A kernel without 32 bits ends it for the instruction.
    status = try(&made, INT80);
    if (status != SIGSYS && status != SIGSEGV) printf("%ld by int 0x80: %d\n", number, status);
#endif
  }
  for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) should(hostile + i, OWN, SIGSYS, "");
  for (int option = 0; option < 100; option++)
    if (option != PR_SET_NAME) should(&(call){"prctl", SYS_prctl, {option, 1}}, OWN, SIGSYS, "option other than a name, ");
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) should(refused + i, OWN, 256 + ENOMEM, "");
  for (int advice = MADV_FREE + 1; advice < 128; advice++) should(&(call){"madvise", SYS_madvise, {0, 0, advice}}, OWN, 256 + EINVAL, "");
  stack();
  printf("%d tried\n", tried);
  return 0;
}
