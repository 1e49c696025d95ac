// The sandbox ("box") in which a decoder runs: the parts that Swift cannot express (fork, seccomp filters, the allocator's hooks).
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// What a process in the box may use.
typedef struct {
  /// Bytes of memory that it can write to (RLIMIT_DATA). Of other memory it gets little more (RLIMIT_AS).
  uint64_t memory_bytes;
  /// Seconds of processor time (RLIMIT_CPU).
  uint64_t cpu_seconds;
  /// Whether system calls are filtered. If not, only the limits apply.
  bool is_filtered;
} box_limits;

/// Prepares this process: it is killed when its parent dies, ignores signals from a terminal, dies of a plain signal on a crash, gives
/// threads stacks of 1 MB, and has a single heap arena.
void box_settle(void);

/// Builds the filter. Must be called once, before the box is locked. Returns 0 or an errno.
int box_prepare(void);

/// Locks this process into the box for good. Only the socket `descriptor` remains usable (0 to 2 are the null device). Returns 0 or an
/// errno; after an error the process must not go on.
int box_lock(const box_limits *limits, int descriptor);

/// Checks with a child that the kernel really kills a process for a forbidden call. Returns 0 or an errno: ENOSYS if the kernel accepts the
/// filter but does not enforce it.
int box_prove(const box_limits *limits);

/// Forks a child. In the child, `job` has become `descriptor`, all descriptors above it are closed, the box is locked, and 0 is returned.
/// The parent gets the child's pid, or -1 with errno.
pid_t box_fork(int job, int descriptor, const box_limits *limits);

/// Waits until the descriptor is readable or a child has ended. Returns false for a child.
bool box_await(int descriptor);

/// The exit status of a child that could not lock itself up, less the errno.
enum { BOX_UNLOCKED = 128 };

/// The exit status of a process that aborted because the allocator had failed.
enum { BOX_OUT_OF_MEMORY = 71 };

/// One line for each system call that does not kill the process: its name, and its conditions or its error. NULL after the last one.
const char *box_line(int number);

/// Whether the allocator has failed since the last call.
bool box_took_refusal(void);
