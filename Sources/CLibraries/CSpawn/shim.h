#pragma once
#include <spawn.h>

// glibc's own, behind _GNU_SOURCE, which Swift's Glibc does not set.
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
