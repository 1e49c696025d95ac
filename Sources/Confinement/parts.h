// Shared by the files of the box.
#pragma once
#include <stdint.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

/// Loads the filter that box_prepare() has built. Returns 0 or an errno.
int box_filter(int descriptor);

/// Grows the heap by the address space for a child's pictures, in huge pages. Must be called before the box is locked.
void box_reserve_heap(uint64_t memory_bytes);

/// Makes an abort after a refused allocation an exit with BOX_OUT_OF_MEMORY. An abort for another reason stays one.
void box_tell_refusal(void);
