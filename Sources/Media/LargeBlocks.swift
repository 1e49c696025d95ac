internal import CLibAV

/// Keeps the memory of a worker at what one video needs.
enum LargeBlocks {
  /// Pictures go back to the system as soon as they are freed. Left alone, the allocator raises the size from which it does
  /// that (`M_MMAP_THRESHOLD`) with every large block it sees, and a worker that once met a 4K video stays large.
  static func returnAtOnce() {
    cav_return_large_blocks()
  }
}
