#define _GNU_SOURCE
#include "confinement.h"
#include "parts.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>

#ifdef IS_SANITIZED
void box_reserve_heap(uint64_t memory_bytes) { (void)memory_bytes; }
#else
// The pictures of a child are zeroed and written page by page, and each page is a fault: a thousand for a small video, which cost as much as its
// decoding. So the heap grows by address space now, from where a huge page begins, and is asked for in huge pages; only what is written to becomes
// memory. The box allows no such advice later. The compiler would leave out a block that nobody uses.
void box_reserve_heap(uint64_t memory_bytes) {
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

// libav calls a lack of memory "End of file" or "Invalid data": the refusal itself is noted where it happens.

static volatile bool was_refused;

bool box_took_refusal(void) {
  bool answer = was_refused;
  was_refused = false;
  return answer;
}

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
