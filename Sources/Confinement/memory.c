#define _GNU_SOURCE
#include "confinement.h"
#include "parts.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef IS_SANITIZED
void box_reserve_heap(uint64_t memory_bytes) { (void)memory_bytes; }
#else
// The first write to each page of a child's pictures is a page fault. A small video has a thousand of them, which cost as much as its
// decoding. So the heap grows now, starting at the border of a huge page, and huge pages are requested for it; only what is written to
// takes memory. It happens here since the box forbids this advice later. `filler` is volatile because the compiler would remove an
// allocation that nobody uses.
void box_reserve_heap(uint64_t memory_bytes) {
  static const size_t huge = 2 << 20, most = 24 << 20;
  size_t size = memory_bytes / 8 < most ? memory_bytes / 8 : most;
  // So that pictures come from the heap, too.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  char *block = malloc(size);
  char *volatile filler;
  // Fills the holes that the warm-up has left, since pictures would be placed there first.
  do filler = malloc(16 << 10);
  while (filler && filler < block);
  free(filler);
  free(block);
  if (!block) return;
  // glibc stores a block's size just before it. The filler makes that a page of its own, so that the first huge page is not split.
  size_t rest = (uintptr_t)-(uintptr_t)block % huge;
  if (rest > 64) filler = malloc(rest - sizeof(size_t));
  block = malloc(size);
  if (block && (uintptr_t)block % huge == 0) madvise(block, size / huge * huge, MADV_HUGEPAGE);
  free(block);
}
#endif

// libav reports a lack of memory as "End of file" or "Invalid data", so the failed allocation itself is noted.

static volatile bool was_refused;

bool box_took_refusal(void) {
  bool answer = was_refused;
  was_refused = false;
  return answer;
}

// Swift's runtime aborts where libav returns an error.
static void end_for_want(int signal) {
  (void)signal;
  if (was_refused) _exit(BOX_OUT_OF_MEMORY);
}

void box_tell_refusal(void) {
  // The box lets nobody restore the default later, which ends the process at the second try of abort(3).
  struct sigaction action = {.sa_handler = end_for_want, .sa_flags = (int)SA_RESETHAND};
  sigaction(SIGABRT, &action, NULL);
}

#ifndef IS_SANITIZED
extern void *__libc_malloc(size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_calloc(size_t count, size_t size);

// The executable's definitions take precedence over the C library's in the whole process.
__attribute__((visibility("default"))) int posix_memalign(void **block, size_t alignment, size_t size) {
  void *found = __libc_memalign(alignment, size);
  if (!found) {
    was_refused = true;
    return ENOMEM;
  }
  *block = found;
  return 0;
}

__attribute__((visibility("default"))) void *malloc(size_t size) {
  void *found = __libc_malloc(size);
  if (!found) was_refused = true;
  return found;
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
