// What the files of the box share among themselves.
#pragma once
#include <stdint.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

/// Loads the filter that box_prepare() has built. Returns 0, or the number of the error.
int box_filter(int descriptor);

/// Grows the heap by the address space that a child's pictures will want, as huge pages, before the box forbids to ask for them.
void box_reserve_heap(uint64_t memory_bytes);
