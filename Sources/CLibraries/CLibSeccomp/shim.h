#pragma once
// Builds the filter of allowed system calls; loading it is prctl's business.
#include <seccomp.h>
