// Loads shared libraries that a program is not linked to.
#pragma once
#include <stddef.h>

/// Loads libraries for the whole program, as if it had been linked to them, after all that they need.
///
/// The dynamic linker looks each symbol of a library up in all that came into the program together with it. For a program linked to FFmpeg those
/// are 170 libraries, which takes most of its start. Loaded one by one, each library is looked up among the few it needs itself.
///
/// - Parameter names: what the libraries call themselves (`libavcodec.so.59`).
/// - Returns: NULL, or why one cannot be loaded, in one line.
const char *library_load(const char *const names[], size_t count);

/// Loads one library and what it needs for the whole program, as the dynamic linker does for one that is linked to it, or ends the program with
/// status 78 (EX_CONFIG) and the reason on standard error. May be called from any thread.
void library_require(const char *name);
