#include "version.h"

// Package.swift defines it. It has a file of its own, so that a new version recompiles nothing else.
const char *handlers_version(void) { return HANDLERS_VERSION; }
