#pragma once
// Builds the filter of allowed system calls. prctl loads it.
#include <seccomp.h>
