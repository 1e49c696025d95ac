#include "version.h"

// Package.swift defines it. A file of its own, so that another version compiles nothing else again.
const char *handlers_version(void) { return HANDLERS_VERSION; }
