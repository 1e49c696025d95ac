#define _GNU_SOURCE
#include "confinement.h"
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

void box_settle(void) {
  // The parent may be killed while this process sleeps or hangs. A parent that is gone already has closed the socket.
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
  for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) signal(ignored[i], SIG_IGN);
  // Swift's runtime catches crashes to print a backtrace, with calls that the box forbids. The worker has to see the signal itself.
  static const int fatal[] = {SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
  for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) signal(fatal[i], SIG_DFL);
  box_tell_refusal();
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) == 0) {
    pthread_attr_setstacksize(&attributes, 1 << 20);
    pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
  }
  // A child lives for some videos: keeping memory is cheaper than returning it to the kernel and asking again.
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
}

// Makes this process the first to be killed if the host runs out of memory.
static void volunteer(void) {
  int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  // If this is refused, the kernel chooses by size.
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
  // SIGCHLD stays blocked outside of ppoll(2), or one that comes just before it would be missed.
  sigprocmask(SIG_BLOCK, &end, &before);
  sigdelset(&before, SIGCHLD);
  struct sigaction action = {.sa_handler = note_end};
  sigaction(SIGCHLD, &action, NULL);
  struct pollfd entry = {descriptor, POLLIN, 0};
  // Any other error will show when the descriptor is read.
  return ppoll(&entry, 1, NULL, &before) >= 0 || errno != EINTR;
}

// Closes all descriptors from this one on. Returns 0, or the number of the error.
static int close_from(int first) {
  // Kernels before 5.9 do not have it, and a container's runtime may refuse it.
  if (close_range((unsigned)first, ~0U, 0) == 0) return 0;
  // closefrom(3) reads the list of descriptors, and ends the process without a word if it cannot.
  int list = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // Where none is free it closes one first.
  if (list < 0 && errno != EMFILE) return errno;
  if (list >= 0) close(list);
  closefrom(first);
  return 0;
}

pid_t box_fork(int job, int descriptor, const box_limits *limits) {
  pid_t parent = getpid();
  pid_t child = fork();
  if (child != 0) return child;
  if (dup2(job, descriptor) < 0) _exit(BOX_UNLOCKED + errno);
  int left = close_from(descriptor + 1);
  if (left) _exit(BOX_UNLOCKED + left);
  // If the parent is gone already, nobody would end the child.
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid() != parent) _exit(BOX_UNLOCKED + ESRCH);
  volunteer();
  box_reserve_heap(limits->memory_bytes);
  int status = box_lock(limits, descriptor);
  if (status) _exit(BOX_UNLOCKED + status);
  return 0;
}
