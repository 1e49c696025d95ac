// What code execution in a decoder would try: calls of the kernel, memory, threads, and ends of all kinds.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "confinement.h"
#include "probe.h"

static void result(const char *what, long value) {
  snprintf(said, sizeof said, "%s: %s", what, value < 0 ? strerror(errno) : "done");
}

void *wait_for_ever(void *unused) {
  (void)unused;
  for (;;) {
    struct timespec day = {86400, 0};
    nanosleep(&day, NULL);
  }
}

// The older of two calls, where this architecture has it.
static long open_older(const char *path) {
#ifdef SYS_open
  return syscall(SYS_open, path, O_RDONLY);
#else
  return syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
#endif
}

static long stat_older(const char *path) {
  char buffer[256];
#ifdef SYS_stat
  return syscall(SYS_stat, path, buffer);
#else
  return syscall(SYS_newfstatat, AT_FDCWD, path, buffer, 0);
#endif
}

bool try_call(const char *what) {
  if (!strcmp(what, "open")) result(what, open_older("/etc/passwd"));
  else if (!strcmp(what, "openat")) result(what, syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY));
  else if (!strcmp(what, "shm")) result(what, syscall(SYS_openat, AT_FDCWD, "/dev/shm/probe", O_CREAT | O_RDWR, 0600));
  else if (!strcmp(what, "environ")) {
    char path[64];
    for (int process = 1; process < 40000; process++) {
      snprintf(path, sizeof path, "/proc/%d/environ", process);
      if (syscall(SYS_openat, AT_FDCWD, path, O_RDONLY) >= 0) { result("opened", 0); return true; }
    }
    result(what, -1);
  } else if (!strcmp(what, "stat")) result(what, stat_older("/etc/passwd"));
  else if (!strcmp(what, "openat2")) { uint64_t how[3] = {0}; result(what, syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", how, sizeof how)); }
  else if (!strcmp(what, "socket")) result(what, syscall(SYS_socket, AF_INET, SOCK_STREAM, 0));
  else if (!strcmp(what, "connect")) {
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "/run/dbus/system_bus_socket"};
    result(what, syscall(SYS_connect, SOCKET, &name, sizeof name));
  } else if (!strcmp(what, "sendmsg")) { struct msghdr nothing = {0}; result(what, syscall(SYS_sendmsg, SOCKET, &nothing, 0)); }
  else if (!strcmp(what, "recvmsg")) { struct msghdr nothing = {0}; result(what, syscall(SYS_recvmsg, SOCKET, &nothing, MSG_DONTWAIT)); }
  else if (!strcmp(what, "readother")) { char byte; result(what, syscall(SYS_read, 0, &byte, 1)); }
  else if (!strcmp(what, "execve")) { char *arguments[] = {"/bin/true", NULL}; result(what, syscall(SYS_execve, "/bin/true", arguments, arguments + 1)); }
  else if (!strcmp(what, "ptrace")) result(what, syscall(SYS_ptrace, PTRACE_ATTACH, worker, 0, 0));
  else if (!strcmp(what, "kill")) result(what, syscall(SYS_kill, worker, SIGKILL));
  else if (!strcmp(what, "tgkill")) result(what, syscall(SYS_tgkill, worker, worker, SIGABRT));
  else if (!strcmp(what, "tgkillself")) result(what, syscall(SYS_tgkill, getpid(), gettid(), SIGKILL));
  else if (!strcmp(what, "vmread")) { char byte; struct iovec here = {&byte, 1}, there = {&byte, 1}; result(what, syscall(SYS_process_vm_readv, worker, &here, 1, &there, 1, 0)); }
  else if (!strcmp(what, "iouring")) { char parameters[256] = {0}; result(what, syscall(SYS_io_uring_setup, 4, parameters)); }
  else if (!strcmp(what, "memfd")) result(what, syscall(SYS_memfd_create, "probe", 0));
  else if (!strcmp(what, "executable")) { void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); result(what, page == MAP_FAILED ? -1 : 0); }
  else if (!strcmp(what, "mprotect")) { void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); result(what, mprotect(page, 4096, PROT_READ | PROT_EXEC)); }
  else if (!strcmp(what, "fork")) for (int i = 0; i < 100 && syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) >= 0; i++) result(what, 0);
  else if (!strcmp(what, "clone3")) { uint64_t arguments[11] = {0}; result(what, syscall(SYS_clone3, arguments, sizeof arguments)); }
  else if (!strcmp(what, "unshare")) result(what, syscall(SYS_unshare, CLONE_NEWUSER));
  else if (!strcmp(what, "seccomp")) result(what, syscall(SYS_prctl, PR_SET_SECCOMP, 0, 0, 0, 0));
  else if (!strcmp(what, "dumpable")) result(what, syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0));
  else if (!strcmp(what, "close")) result(what, syscall(SYS_close, SOCKET));
  else if (!strcmp(what, "dup")) result(what, syscall(SYS_dup, SOCKET));
  else if (!strcmp(what, "limits")) { struct rlimit most = {RLIM_INFINITY, RLIM_INFINITY}; result(what, syscall(SYS_prlimit64, 0, RLIMIT_DATA, &most, NULL)); }
  else if (!strcmp(what, "ioctl")) { int value; result(what, syscall(SYS_ioctl, 0, 0x541b, &value)); }
  else if (!strcmp(what, "memory")) {
    char *block = mmap(NULL, 2UL << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    result(what, block == MAP_FAILED ? -1 : 0);
  } else if (!strcmp(what, "pieces")) {
    size_t megabytes = 0;
    // Kept in sight of the compiler, which would leave out what nobody looks at.
    for (void *volatile block; (block = malloc(1 << 20));) megabytes++;
    snprintf(said, sizeof said, "%s below 800 MB", megabytes < 800 ? "stopped" : "NOT stopped");
  } else if (!strcmp(what, "threads")) {
    pthread_t thread;
    int count = 0;
    while (pthread_create(&thread, NULL, wait_for_ever, NULL) == 0) count++;
    snprintf(said, sizeof said, "%s below 300 threads", count < 300 ? "stopped" : "NOT stopped");
  } else if (!strcmp(what, "loop")) for (volatile int i = 0;; i++) {}
  else if (!strcmp(what, "sleep")) wait_for_ever(NULL);
  else if (!strcmp(what, "killed")) { if (write(2, "", 1) == 1) wait_for_ever(NULL); }
  else if (!strcmp(what, "exit")) { say(PROGRESS); _exit(7); }
  else if (!strcmp(what, "mute")) _exit(1);
  else if (!strcmp(what, "unlocked")) { say(PROGRESS); _exit(BOX_UNLOCKED); }
  else if (!strcmp(what, "crash")) *(volatile int *)8 = 1;
  else if (!strcmp(what, "abort")) abort();
  else if (!strcmp(what, "hunger")) {
    say(PROGRESS);
    void *volatile block = malloc((size_t)2 << 30);
    if (!block) abort();
  }
  else if (!strcmp(what, "crowd")) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 16 << 10);
    for (int i = 0; i < 600 && pthread_create(&thread, &attributes, wait_for_ever, NULL) == 0; i++) {}
    wait_for_ever(NULL);
  } else if (!strcmp(what, "headless")) {
    pthread_t thread;
    pthread_create(&thread, NULL, wait_for_ever, NULL);
    syscall(SYS_exit, 0);
  }
  else return false;
  return true;
}
