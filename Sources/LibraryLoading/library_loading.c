#define _GNU_SOURCE
#include "library_loading.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <gnu/lib-names.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

// The folder of the C library, where nearly all others are. The dynamic linker finds the rest, only more slowly.
static char folder[256];
static char *seen[1024];
static size_t seen_count;

// Libraries with fewer symbols to look up may be loaded together with those that need them.
enum { MANY_SYMBOLS = 100 };

static bool is_new(const char *name) {
  for (size_t i = 0; i < seen_count; i++)
    if (!strcmp(seen[i], name)) return false;
  if (seen_count < sizeof seen / sizeof *seen && (seen[seen_count] = strdup(name))) seen_count++;
  return true;
}

static bool read_at(int file, void *into, size_t size, ElfW(Off) offset) {
  return pread(file, into, size, (off_t)offset) == (ssize_t)size;
}

// The offset in the file of an address of the loaded library; 0 if it is not in the file.
static ElfW(Off) place(const ElfW(Phdr) parts[], size_t count, ElfW(Addr) address) {
  for (size_t i = 0; i < count; i++)
    if (parts[i].p_type == PT_LOAD && address - parts[i].p_vaddr < parts[i].p_filesz)
      return parts[i].p_offset + (address - parts[i].p_vaddr);
  return 0;
}

static void load(const char *name);

// Loads the libraries that a library's file names as needed (elf(5)), and counts the symbols to look up when it is itself loaded.
static size_t load_needed(int file) {
  ElfW(Ehdr) head;
  ElfW(Phdr) parts[32];
  ElfW(Dyn) entries[128];
  // Any other file is not of this program's kind.
  if (!read_at(file, &head, sizeof head, 0) || memcmp(head.e_ident, ELFMAG, SELFMAG)
      || head.e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) || head.e_phnum > sizeof parts / sizeof *parts
      || !read_at(file, parts, head.e_phnum * sizeof *parts, head.e_phoff))
    return 0;
  size_t count = 0;
  for (size_t i = 0; i < head.e_phnum; i++) {
    if (parts[i].p_type != PT_DYNAMIC || parts[i].p_filesz > sizeof entries) continue;
    if (read_at(file, entries, parts[i].p_filesz, parts[i].p_offset)) count = parts[i].p_filesz / sizeof *entries;
  }
  ElfW(Off) strings = 0;
  size_t relocations = 0, relative = 0, calls = 0;
  bool is_bound_at_once = false;
  for (size_t i = 0; i < count; i++) {
    ElfW(Xword) value = entries[i].d_un.d_val;
    switch (entries[i].d_tag) {
    case DT_STRTAB: strings = place(parts, head.e_phnum, value); break;
    case DT_RELASZ: relocations = value / sizeof(ElfW(Rela)); break;
    case DT_RELACOUNT: relative = value; break;
    case DT_PLTRELSZ: calls = value / sizeof(ElfW(Rela)); break;
    case DT_BIND_NOW: is_bound_at_once = true; break;
    case DT_FLAGS: is_bound_at_once |= (value & DF_BIND_NOW) != 0; break;
    case DT_FLAGS_1: is_bound_at_once |= (value & DF_1_NOW) != 0; break;
    }
  }
  for (size_t i = 0; i < count && strings; i++) {
    char name[128] = "";
    if (entries[i].d_tag != DT_NEEDED) continue;
    ssize_t length = pread(file, name, sizeof name - 1, (off_t)(strings + entries[i].d_un.d_val));
    if (length > 0 && is_new(name)) load(name);
  }
  return relocations - relative + (is_bound_at_once ? calls : 0);
}

static void load(const char *name) {
  char path[512];
  if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path) return;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  // A failure does not matter here: the dynamic linker reports it when it loads what needs this library.
  if (load_needed(file) >= MANY_SYMBOLS) dlopen(path, RTLD_LAZY | RTLD_LOCAL);
  close(file);
}

// By its name, and not by the address of one of its functions: a program may have one of that name itself.
static void find_folder(void) {
  void *library = dlopen(LIBC_SO, RTLD_LAZY | RTLD_NOLOAD);
  struct link_map *map;
  if (!library || dlinfo(library, RTLD_DI_LINKMAP, &map)) return;
  const char *slash = strrchr(map->l_name, '/');
  if (slash) snprintf(folder, sizeof folder, "%.*s", (int)(slash - map->l_name), map->l_name);
  dlclose(library);
}

const char *library_load(const char *const names[], size_t count) {
  if (!*folder) find_folder();
  for (size_t i = 0; i < count; i++)
    if (is_new(names[i])) load(names[i]);
  // Last, since the symbols of every library loaded later would be looked up in global ones, too.
  for (size_t i = 0; i < count; i++)
    if (!dlopen(names[i], RTLD_LAZY | RTLD_GLOBAL)) return dlerror();
  return NULL;
}

void library_require(const char *name) {
  if (dlopen(name, RTLD_LAZY | RTLD_GLOBAL)) return;
  fprintf(stderr, "%s: %s\n", program_invocation_short_name, dlerror());
  exit(EX_CONFIG);
}
