internal import CConfinement
internal import Decoding
internal import Glibc

/// The box a process that decodes is locked into; see `confinement.h`.
struct Box {
  private let limits: box_limits

  /// Builds the filter, and makes sure that the kernel heeds it.
  ///
  /// - Throws: `Unavailable` where this host cannot lock a process up.
  init(_ confinement: Confinement) throws {
    limits = box_limits(
      memory_bytes: UInt64(confinement.memoryBytes), cpu_seconds: UInt64(confinement.cpuSeconds),
      is_filtered: confinement.isFiltered)
    guard confinement.isFiltered else { return }
    try Self.check(box_prepare(), "its filter of system calls cannot be built")
    let proof = unsafe withUnsafePointer(to: limits) { unsafe box_prove($0) }
    try Self.check(proof, Self.passing.contains(proof) ? "its box cannot be tried" : "this kernel does not filter system calls")
  }

  /// Locks this process up for good.
  func lock() throws {
    try Self.check(
      unsafe withUnsafePointer(to: limits) { unsafe box_lock($0, Worker.descriptor) }, "it cannot be locked up")
  }

  /// A child that is locked up, its socket where the worker's is here.
  ///
  /// - Returns: 0 in the child.
  func fork(_ job: Int32) throws -> pid_t {
    let child = unsafe withUnsafePointer(to: limits) { unsafe box_fork(job, Worker.descriptor, $0) }
    if child < 0 { try Self.check(errno, "no process can be started") }
    return child
  }

  private static func check(_ code: Int32, _ text: String) throws {
    guard code != 0 else { return }
    let reason = unsafe String(cString: strerror(code))
    throw Unavailable(refusal: Refusal(text: "\(text): \(reason)", isPermanent: !passing.contains(code)))
  }

  /// What a host is short of for now: processes, memory, descriptors.
  private static let passing = [EAGAIN, ENOMEM, EMFILE, ENFILE]

  /// What this host lacks.
  struct Unavailable: Error {
    let refusal: Refusal
  }
}
