// A program of the end-to-end suites: PROGRAM with the faults of LIBRARY (fault.c) brought to it. No script, for whoever runs it need not be able
// to read it. POISON, where it is given, is the word by which a video brings the decoder down.
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **arguments) {
  (void)count;
#ifdef POISON
  if (setenv("FAULT_POISON", POISON, 1)) return 126;
#endif
  if (setenv("LD_PRELOAD", LIBRARY, 1)) return 126;
  arguments[0] = PROGRAM;
  execv(PROGRAM, arguments);
  return 127;
}
