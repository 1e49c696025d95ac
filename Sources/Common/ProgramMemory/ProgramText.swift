internal import Glibc

/// What a process has mapped of its program and its libraries and cannot change: machine code, constants, symbols, relocations.
package enum ProgramText {
  /// Lets go of all pages of it that are mapped. Few are in use: the kernel maps sixteen around each that is needed, and what the start
  /// needed (relocations, symbols, the tables of types that Swift's runtime looks through) nobody needs again. What is used next is mapped
  /// from the page cache, some hundred microseconds in all.
  ///
  /// May be called on any thread at any time. Only mappings of files that are read-only and of which the process has no page of its own
  /// (`Anonymous` in proc(5)) are let go of: addresses that were relocated before they became read-only stay.
  package static func release() {
    // Line by line: the kernel gives a page of them at a time, which looks like the end of the file to those who read files whole.
    guard let mappings = unsafe fopen("/proc/self/smaps", "re") else { return }
    defer { unsafe fclose(mappings) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { unsafe free(line) }
    var candidate: Range<UInt>?
    while unsafe getline(&line, &capacity, mappings) > 0 {
      let text = unsafe String(cString: line!)
      // What describes a mapping begins with a capital, the mapping's own line with a lowercase hexadecimal number.
      guard text.first?.isUppercase == true else {
        candidate = range(of: text)
        continue
      }
      guard let found = candidate, text.hasPrefix("Anonymous:") else { continue }
      candidate = nil
      guard text.contains(" 0 kB") else { continue }
      unsafe _ = madvise(UnsafeMutableRawPointer(bitPattern: found.lowerBound), found.count, MADV_DONTNEED)
    }
  }

  /// The addresses of a read-only mapping of a file; nil for others.
  ///
  /// - Parameter mapping: `55d0c000-55d1c000 r-xp 00003000 fe:01 1234   /usr/lib/…`
  private static func range(of mapping: String) -> Range<UInt>? {
    let fields = mapping.split(separator: " ", omittingEmptySubsequences: true)
    guard fields.count >= 6, ["r-xp", "r--p"].contains(fields[1]), fields[5].hasPrefix("/") else { return nil }
    let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
    guard bounds.count == 2, bounds[0] < bounds[1] else { return nil }
    return bounds[0]..<bounds[1]
  }
}
