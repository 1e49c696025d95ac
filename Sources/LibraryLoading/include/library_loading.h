// Loads shared libraries to which a program is not linked.
#pragma once
#include <stddef.h>

/// Loads libraries for the whole program, as if it were linked to them, each after the libraries that it needs.
///
/// The dynamic linker looks up each symbol of a library in all libraries that were loaded together with it. A program linked to FFmpeg
/// loads 170 of them, and the look-ups take most of its start. Loaded one by one, each library's symbols are looked up only in those that
/// it needs.
///
/// - Parameter names: the libraries' sonames (`libavcodec.so.59`).
/// - Returns: NULL, or in one line why a library cannot be loaded.
const char *library_load(const char *const names[], size_t count);

/// Loads a library and what it needs for the whole program, as if it were linked to it. If that fails, it writes the reason to standard
/// error and exits with status 78 (EX_CONFIG). May be called from any thread.
void library_require(const char *name);
