// Lets an idle process return memory.
#pragma once

/// Unmaps the resident pages of machine code, constants and symbols of the program and its libraries. Few are in use: the kernel maps
/// sixteen around each one that is needed, and the pages of the start are not needed again. What is used next comes from the page cache.
void memory_release_text(void);

/// Returns the unused pages of the heap. A forked child would copy such a page before it writes to it, and a fresh page costs less.
void memory_release_heap(void);
