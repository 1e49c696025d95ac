#define _GNU_SOURCE
#include "program_memory.h"

#include <elf.h>
#include <link.h>
#include <malloc.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

// Whether the dynamic linker has changed machine code (DT_TEXTREL). Those pages are private and cannot be read again from the file.
static bool has_own_text(const struct dl_phdr_info *library) {
  for (size_t i = 0; i < library->dlpi_phnum; i++) {
    if (library->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    for (const ElfW(Dyn) *entry = (const void *)(library->dlpi_addr + library->dlpi_phdr[i].p_vaddr); entry->d_tag != DT_NULL; entry++)
      if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && entry->d_un.d_val & DF_TEXTREL)) return true;
  }
  return false;
}

// How many bytes the kernel maps around a page that is needed. A smaller part would be mapped again at once.
enum { MAPPED_AT_ONCE = 64 << 10 };

static int release_text_of(struct dl_phdr_info *library, size_t size, void *unused) {
  (void)size;
  (void)unused;
  if (has_own_text(library)) return 0;
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (size_t i = 0; i < library->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &library->dlpi_phdr[i];
    if (part->p_type != PT_LOAD || part->p_flags & PF_W || part->p_memsz < MAPPED_AT_ONCE) continue;
    uintptr_t start = (library->dlpi_addr + part->p_vaddr) & ~(page - 1), end = library->dlpi_addr + part->p_vaddr + part->p_memsz;
    madvise((void *)start, end - start, MADV_DONTNEED);
  }
  return 0;
}

void memory_release_text(void) { dl_iterate_phdr(release_text_of, NULL); }

void memory_release_heap(void) { malloc_trim(0); }
