internal import Glibc

/// The machine code a process has mapped.
package enum ProgramText {
  /// Lets go of all pages of it that are mapped. Few are in use: the kernel maps sixteen around each that is run, and what the
  /// start needed (relocations, the tables of types that Swift's runtime looks through) nobody needs again. What is run next is mapped
  /// from the page cache, some hundred microseconds in all.
  ///
  /// May be called on any thread at any time. Only text is let go of, which a file backs and nobody writes to.
  package static func release() {
    // Line by line: the kernel gives a page of them at a time, which looks like the end of the file to those who read files whole.
    guard let maps = unsafe fopen("/proc/self/maps", "re") else { return }
    defer { unsafe fclose(maps) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { unsafe free(line) }
    while unsafe getline(&line, &capacity, maps) > 0 { releaseText(unsafe String(cString: line!)) }
  }

  /// - Parameter mapping: `55d0c000-55d1c000 r-xp 00003000 fe:01 1234   /usr/lib/…`
  private static func releaseText(_ mapping: String) {
    let fields = mapping.split(separator: " ", omittingEmptySubsequences: true)
    guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { return }
    let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
    guard bounds.count == 2, bounds[0] < bounds[1] else { return }
    unsafe _ = madvise(UnsafeMutableRawPointer(bitPattern: bounds[0]), Int(bounds[1] - bounds[0]), MADV_DONTNEED)
  }
}
