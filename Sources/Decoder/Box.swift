internal import CConfinement
internal import Decoding
internal import Failures
internal import Glibc

/// The box into which a decoding process is locked; see `confinement.h`.
struct Box {
  private let limits: box_limits

  /// Builds the filter and checks that the kernel enforces it.
  ///
  /// - Throws: `Refusal` if this host cannot lock up a process.
  init(_ confinement: Confinement) throws {
    limits = box_limits(
      memory_bytes: UInt64(confinement.memoryBytes), cpu_seconds: UInt64(confinement.cpuSeconds),
      is_filtered: confinement.isFiltered)
    guard confinement.isFiltered else { return }
    try Self.check(box_prepare(), "its filter of system calls cannot be built")
    let proof = unsafe withUnsafePointer(to: limits) { unsafe box_prove($0) }
    try Self.check(proof, Self.passing.contains(proof) ? "its box cannot be tried" : "this kernel does not filter system calls")
  }

  /// Locks this process into the box for good.
  func lock() throws {
    try Self.check(unsafe withUnsafePointer(to: limits) { unsafe box_lock($0, Worker.descriptor) }, "it cannot be locked up")
  }

  /// Forks a child that is locked into the box. It has `job` on the descriptor on which the worker's socket is here.
  ///
  /// - Returns: 0 in the child.
  func fork(_ job: Int32) throws -> pid_t {
    let child = unsafe withUnsafePointer(to: limits) { unsafe box_fork(job, Worker.descriptor, $0) }
    if child < 0 { try Self.check(errno, "no process can be started") }
    return child
  }

  private static func check(_ code: Int32, _ text: String) throws {
    guard code != 0 else { return }
    throw Refusal(text: "\(text): \(String(errno: code))", isPermanent: !passing.contains(code))
  }

  /// Errors of a temporary shortage: processes, memory, descriptors.
  private static let passing = [EAGAIN, ENOMEM, EMFILE, ENFILE]
}
