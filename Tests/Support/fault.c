// Preloaded into a handler by the tests: stops the process at a named point or shifts its clock. Preloaded into a decoder: crashes it on a
// marked video.
//
// FAULT_AT=before-claim|after-claim|mid-decode|before-put-N|after-put-N|before-complete|during-complete|after-complete (N: of its objects)
//   writes the process id to the file FAULT_NOTE and stops (SIGSTOP); the test then kills it or lets it go on.
// FAULT_PICTURE=close|chmod|answer   what the file system of the local store refuses: to close a picture (EIO), to change any mode (EPERM), or to
//   return from a sync at all.
// FAULT_CLOCK=seconds   added to the wall clock; the monotonic clock stays.
// FAULT_POISON=text     a video whose bytes hold the text crashes its decoder.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;
int PQsendQueryParams(PGconn *, const char *, int, const unsigned *, const char *const *, const int *, const int *, int);
PGresult *PQgetResult(PGconn *);
int PQflush(PGconn *);
int avcodec_send_packet(void *, const void *);

static const char *statement = "";
static int poisoned = 0;

static void reach(const char *point) {
  const char *wanted = getenv("FAULT_AT");
  if (!wanted || strcmp(wanted, point) != 0) return;
  unsetenv("FAULT_AT");
  const char *note = getenv("FAULT_NOTE");
  int file = note ? open(note, O_WRONLY | O_CREAT | O_TRUNC, 0644) : -1;
  if (file >= 0) {
    dprintf(file, "%d\n", getpid());
    close(file);
  }
  raise(SIGSTOP);
}

int PQsendQueryParams(PGconn *connection, const char *sql, int count, const unsigned *types, const char *const *values,
                      const int *lengths, const int *formats, int format) {
  statement = strstr(sql, "thumbnails.claim(") ? "claim" : strstr(sql, "thumbnails.complete(") ? "complete" : "";
  char point[32];
  snprintf(point, sizeof point, "before-%s", statement);
  reach(point);
  int sent = REAL(PQsendQueryParams)(connection, sql, count, types, values, lengths, formats, format);
  if (*statement && sent && REAL(PQflush)(connection) == 0) {
    snprintf(point, sizeof point, "during-%s", statement);
    reach(point);
  }
  return sent;
}

PGresult *PQgetResult(PGconn *connection) {
  PGresult *result = REAL(PQgetResult)(connection);
  if (!result && *statement) {
    char point[32];
    snprintf(point, sizeof point, "after-%s", statement);
    statement = "";
    reach(point);
  }
  return result;
}

int avcodec_send_packet(void *context, const void *packet) {
  if (poisoned) abort();
  return REAL(avcodec_send_packet)(context, packet);
}

// What a decoder reads.
ssize_t recv(int socket, void *bytes, size_t size, int flags) {
  ssize_t received = REAL(recv)(socket, bytes, size, flags);
  const char *mark = getenv("FAULT_POISON");
  if (mark && received > 0 && memmem(bytes, (size_t)received, mark, strlen(mark))) poisoned = 1;
  return received;
}

// What a worker sends its decoder: a block of the video, when it is in the middle of the work.
ssize_t sendmsg(int socket, const struct msghdr *message, int flags) {
  if (message->msg_iovlen == 1 && message->msg_iov[0].iov_len > 1000) reach("mid-decode");
  return REAL(sendmsg)(socket, message, flags);
}

int rename(const char *from, const char *to) {
  static int number;
  char point[32];
  snprintf(point, sizeof point, "before-put-%d", ++number);
  reach(point);
  int status = REAL(rename)(from, to);
  snprintf(point, sizeof point, "after-put-%d", number);
  reach(point);
  return status;
}

static int refuses(const char *what) {
  const char *refused = getenv("FAULT_PICTURE");
  return refused && strcmp(refused, what) == 0;
}

int close(int file) {
  char link[32], path[4096] = "";
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  int is_refused = refuses("close") && readlink(link, path, sizeof path - 1) > 0 && strstr(path, ".jpg");
  int status = REAL(close)(file);
  if (!is_refused) return status;
  errno = EIO;
  return -1;
}

int fsync(int file) {
  while (refuses("answer")) pause();
  return REAL(fsync)(file);
}

int chmod(const char *path, mode_t mode) {
  if (!refuses("chmod")) return REAL(chmod)(path, mode);
  errno = EPERM;
  return -1;
}

static long shift(void) {
  const char *seconds = getenv("FAULT_CLOCK");
  return seconds ? atol(seconds) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int status = REAL(clock_gettime)(clock, now);
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += shift();
  return status;
}

int gettimeofday(struct timeval *now, void *zone) {
  int status = REAL(gettimeofday)(now, zone);
  now->tv_sec += shift();
  return status;
}

time_t time(time_t *now) {
  time_t seconds = REAL(time)(NULL) + shift();
  if (now) *now = seconds;
  return seconds;
}
