// Stands in the decoder's place: started the same way, locked up by the same code, it tries what code execution in a decoder would try.
// What it tries (calls.c, lies.c) is the last part of the name it is started by: probe-open, probe-socket, …
//
// It answers its one job with a failure whose text says what the kernel answered. What the kernel ends it for, the worker says.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "confinement.h"
#include "probe.h"

extern char **environ;

pid_t worker;
char said[900];

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

// Another process, outside the box, kills this one as soon as something is written to standard error: the box lets nobody kill himself.
static void await_killer(void) {
  int ends[2];
  pid_t victim = getpid();
  char byte;
  if (pipe(ends)) return;
  if (fork() == 0) {
    close(ends[1]);
    close(SOCKET);
    if (read(ends[0], &byte, 1) == 1) kill(victim, SIGKILL);
    _exit(0);
  }
  dup2(ends[1], 2);
  close(ends[0]);
  close(ends[1]);
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
  if (!strcmp(what, "killed")) await_killer();
  if (limits.is_filtered && box_prepare()) return 1;
  if (box_lock(&limits, SOCKET)) return 1;
  put_text("probe");
  put(0);
  say(READY);
  message(bytes);
  if (!*said && !try_call(what) && !lie(what)) snprintf(said, sizeof said, "nothing");
  if (!*said) wait_for_ever(NULL);
  put_text("media");
  put_text("undecodable");
  put_text(said);
  put_text("");
  put(0);
  say(FAILURE);
  return 0;
}
