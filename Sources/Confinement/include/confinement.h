// The box a decoder runs in: what Swift cannot say itself (fork, seccomp filters, the allocator's hooks).
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// What a process in the box may use.
typedef struct {
  /// Bytes of memory it can write to (RLIMIT_DATA); little more of any other kind (RLIMIT_AS).
  uint64_t memory_bytes;
  /// Seconds of processor time (RLIMIT_CPU).
  uint64_t cpu_seconds;
  /// Whether system calls are filtered. Without it only the limits hold.
  bool is_filtered;
} box_limits;

/// Makes this process quiet and small: it ends with the one that started it, no signal of a terminal ends it, a crash is a plain signal,
/// threads have stacks of 1 MB, one arena holds the heap.
void box_settle(void);

/// Builds the filter; to be called once, before the box is locked. Returns 0, or the number of the error.
int box_prepare(void);

/// Locks this process into the box for good. Only the socket `descriptor` (0 to 2 are the null device) stays usable.
/// Returns 0, or the number of the error; a process in which it failed must not go on.
int box_lock(const box_limits *limits, int descriptor);

/// Whether the kernel really ends a process for a call that is not allowed: tries it with a child. Returns 0, or the number of
/// the error; ENOSYS where the kernel takes the filter and does not heed it.
int box_prove(const box_limits *limits);

/// Forks a child. In the child `*job` has become `descriptor`, everything else is closed, and the box is locked; 0 is returned.
/// In the parent the child's number, or -1 with errno.
pid_t box_fork(int job, int descriptor, const box_limits *limits);

/// Waits until the descriptor is readable, or a child has ended. Returns false for a child.
bool box_await(int descriptor);

/// The exit status of a child that could not lock itself up.
enum { BOX_UNLOCKED = 78 };

/// One line for each system call that does not end the process: its name, and what it gives where it is no plain permission.
/// NULL behind the last one.
const char *box_line(int number);

/// Whether the allocator has refused memory since the last call.
bool box_took_refusal(void);
