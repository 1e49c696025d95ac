// What an idle process gives back of its memory.
#pragma once

/// Lets go of all pages that are mapped of the program's and its libraries' machine code, constants and symbols. Few are in use: the kernel maps
/// sixteen around each that is needed, and what the start needed nobody needs again. What is used next comes from the page cache.
void memory_release_text(void);

/// Gives back what the heap holds and nothing uses. A child that is forked would copy such a page before it writes to it, and a fresh one costs less.
void memory_release_heap(void);
