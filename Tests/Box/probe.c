// Stands in the decoder's place: started the same way, locked up by the same code, it tries what code execution in a decoder would try.
// What it tries is the last part of the name it is started by: probe-open, probe-socket, …
//
// It answers its one job with a failure whose text says what the kernel answered. What the kernel ends it for, the worker says.
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
#include <unistd.h>

#include "confinement.h"

extern char **environ;

enum { SOCKET = 3, CONFIGURE = 1, JOB = 16, READY = 32, READ = 48, PROGRESS = 49, PICTURE = 50, FAILURE = 51, ENCODED = 52 };

// Whose child this is: what is done to others is done to it alone, should the box be open.
static pid_t worker;
static char said[900];
static unsigned char body[1 << 16];
static size_t length;

static void put_bytes(const void *bytes, size_t count) {
  memcpy(body + length, bytes, count);
  length += count;
}
static void put(int64_t number) { put_bytes(&number, 8); }
static void put_text(const char *text) {
  put((int64_t)strlen(text));
  put_bytes(text, strlen(text));
}

static void send_all(const void *bytes, size_t count) {
  for (const char *rest = bytes; count;) {
    ssize_t sent = send(SOCKET, rest, count, MSG_NOSIGNAL);
    if (sent <= 0) _exit(0);
    rest += sent;
    count -= (size_t)sent;
  }
}

static void head(unsigned char version, unsigned char type, uint32_t announced) {
  unsigned char bytes[8] = {version, type, 0, 0};
  memcpy(bytes + 4, &announced, 4);
  send_all(bytes, sizeof bytes);
}

// Where the next message's body goes instead of to the worker, and its length.
static unsigned char *gathers;
static size_t gathered;

static void say(unsigned char type) {
  if (gathers) {
    memcpy(gathers, body, length);
    gathered = length;
    gathers = NULL;
    length = 0;
    return;
  }
  head(1, type, (uint32_t)length);
  send_all(body, length);
  length = 0;
}

static void receive(unsigned char *into, size_t count) {
  while (count) {
    ssize_t received = recv(SOCKET, into, count, 0);
    if (received <= 0) _exit(0);
    into += received;
    count -= (size_t)received;
  }
}

static size_t message(unsigned char *into) {
  unsigned char bytes[8];
  receive(bytes, sizeof bytes);
  uint32_t count;
  memcpy(&count, bytes + 4, 4);
  receive(into, count);
  return count;
}

static void result(const char *what, long value) {
  snprintf(said, sizeof said, "%s: %s", what, value < 0 ? strerror(errno) : "done");
}

static void *wait_for_ever(void *unused) {
  (void)unused;
  for (;;) {
    struct timespec day = {86400, 0};
    nanosleep(&day, NULL);
  }
}

// A table, a start of frame of 64 by 36 pixels, and a scan.
static const char small[] = "\xff\xd8\xff\xdb\0\4\0\0\xff\xc0\0\x0b\x08\0\x24\0\x40\x01\x01\x11\0\xff\xda\0\2\1\xff\0\2\xff\xd9";
enum { SMALL = sizeof small - 1, HEIGHT_IN_SMALL = 13 };

// These bytes as a picture of this size.
static void encoded(const void *bytes, size_t count, int64_t width, int64_t height) {
  put((int64_t)count);
  put_bytes(bytes, count);
  put(width);
  put(height);
  put_text("jpeg");
  say(ENCODED);
}

// That is all, and how it came to be: `measure` for every time there is to be told.
static void finish(double measure) {
  int64_t bits;
  memcpy(&bits, &measure, 8);
  put(0);
  put(0);
  put_text("16:9");
  put(bits);
  for (int i = 0; i < 2; i++) {
    put_bytes("\1", 1);
    put(bits);
  }
  // Candidates, and how many each of six gates turned down.
  for (int i = 0; i < 7; i++) put(0);
  put_bytes("\0\0", 2);
  put(0);
  put(0);
  put_text("mov");
  put_text("h264");
  put(64);
  put(36);
  put(1);
  put_text("open");
  put(bits);
  put(0);
  say(PICTURE);
}

static void picture(const void *bytes, size_t count, int64_t width, int64_t height) {
  encoded(bytes, count, width, height);
  finish(1);
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

static void attempt(const char *what) {
  if (!strcmp(what, "open")) result(what, open_older("/etc/passwd"));
  else if (!strcmp(what, "openat")) result(what, syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY));
  else if (!strcmp(what, "shm")) result(what, syscall(SYS_openat, AT_FDCWD, "/dev/shm/probe", O_CREAT | O_RDWR, 0600));
  else if (!strcmp(what, "environ")) {
    char path[64];
    for (int process = 1; process < 40000; process++) {
      snprintf(path, sizeof path, "/proc/%d/environ", process);
      if (syscall(SYS_openat, AT_FDCWD, path, O_RDONLY) >= 0) { result("opened", 0); return; }
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
  else if (!strcmp(what, "exit")) _exit(7);
  else if (!strcmp(what, "unlocked")) { say(PROGRESS); _exit(BOX_UNLOCKED); }
  else if (!strcmp(what, "crash")) *(volatile int *)8 = 1;
  else if (!strcmp(what, "abort")) abort();
  else if (!strcmp(what, "flood")) for (;;) say(PROGRESS);
  else if (!strcmp(what, "endless")) { head(1, PICTURE, UINT32_MAX); for (;;) send_all(body, sizeof body); }
  else if (!strcmp(what, "version")) head(9, PROGRESS, 0);
  else if (!strcmp(what, "type")) head(1, 200, 0);
  else if (!strcmp(what, "job")) say(JOB);
  else if (!strcmp(what, "negative")) { put(-1); put(1); put(1); say(READ); }
  else if (!strcmp(what, "huge")) { put(0); put(1LL << 40); put(1LL << 40); say(READ); }
  else if (!strcmp(what, "short")) { put(0); say(READ); }
  else if (!strcmp(what, "slow")) for (head(1, READ, 64);; usleep(20000)) send_all("", 1);
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
  } else if (!strcmp(what, "honest")) picture(small, SMALL, 64, 36);
  else if (!strcmp(what, "absurd")) {
    encoded(small, SMALL, 64, 36);
    finish(1e308);
  } else if (!strcmp(what, "twice")) for (int i = 0; i < 2; i++) encoded(small, SMALL, 64, 36);
  else if (!strcmp(what, "none")) finish(1);
  else if (!strcmp(what, "unasked")) {
    encoded(small, SMALL, 64, 36);
    // In one piece, so that what must not be there has come with what must.
    unsigned char both[8192];
    unsigned char first[8] = {1, PICTURE}, second[8] = {1, PROGRESS};
    gathers = both + 8;
    finish(1);
    uint32_t count = (uint32_t)gathered;
    memcpy(first + 4, &count, 4);
    memcpy(both, first, 8);
    memcpy(both + 8 + count, second, 8);
    send_all(both, count + 16);
  } else if (!strcmp(what, "behind")) {
    char bytes[SMALL + 10];
    memcpy(bytes, small, SMALL);
    memcpy(bytes + SMALL, "<script>\xff\xd9", 10);
    picture(bytes, sizeof bytes, 64, 36);
  } else if (!strcmp(what, "comment")) {
    char bytes[SMALL + 12] = "\xff\xd8\xff\xfe\0\x0a<script>";
    memcpy(bytes + 14, small + 2, SMALL - 2);
    picture(bytes, sizeof bytes, 64, 36);
  } else if (!strcmp(what, "text")) picture("<script>alert(1)</script>", 25, 64, 36);
  else if (!strcmp(what, "size")) picture(small, SMALL, 640, 360);
  else if (!strcmp(what, "wide")) {
    char bytes[SMALL];
    memcpy(bytes, small, SMALL);
    memcpy(bytes + HEIGHT_IN_SMALL, "\x08\0\x08\0", 4);
    picture(bytes, sizeof bytes, 2048, 2048);
  }
  else if (!strcmp(what, "control")) snprintf(said, sizeof said, "line\nbreak \x1b[31mred\x07");
  else snprintf(said, sizeof said, "nothing");
}

// Before the box is locked: what this process was given.
static void inherited(void) {
  char *end = said + snprintf(said, sizeof said, "descriptors");
  for (int descriptor = 0; descriptor < 4096; descriptor++) {
    if (fcntl(descriptor, F_GETFD) < 0) continue;
    char path[64], target[256] = "";
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    if (readlink(path, target, sizeof target - 1) < 0) target[0] = 0;
    if (!strncmp(target, "socket:", 7)) target[6] = 0;
    end += snprintf(end, (size_t)(said + sizeof said - end), " %d=%s", descriptor, target);
  }
  snprintf(end, (size_t)(said + sizeof said - end), ", environment %s", environ[0] ? environ[0] : "empty");
}

int main(int count, char **arguments) {
  const char *what = strrchr(arguments[0], '-');
  what = what ? what + 1 : "";
  worker = getppid();
  box_settle();
  int64_t told[3] = {0};
  unsigned char bytes[4096];
  if (message(bytes) < 17) return 1;
  memcpy(told, bytes, sizeof told);
  box_limits limits = {(uint64_t)told[0], (uint64_t)told[1], bytes[16]};
  if (count < 2 || strcmp(arguments[1], "--once")) return 1;
  if (!strcmp(what, "inherited")) inherited();
  if (limits.is_filtered && box_prepare()) return 1;
  if (box_lock(&limits, SOCKET)) return 1;
  put_text("probe");
  put(0);
  say(READY);
  message(bytes);
  if (!*said) attempt(what);
  if (!*said) wait_for_ever(NULL);
  put_text("media");
  put_text("undecodable");
  put_text(said);
  put_text("");
  put(0);
  say(FAILURE);
  return 0;
}
