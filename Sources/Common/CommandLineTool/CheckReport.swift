/// Prints the lines of `--check`: what was checked, whether it works, and what to do if it does not.
package struct CheckReport {
  /// Whether no check has failed so far. Warnings of ``advise(_:_:)`` do not count.
  package private(set) var isGood = true

  package init() {}

  /// Runs one check and prints its line: `ok    name: detail` or `FAIL  name: reason`.
  package mutating func check(_ name: String, _ work: () throws -> String) {
    do {
      print("ok    \(name): \(try work())")
    } catch {
      isGood = false
      print("FAIL  \(name): \(error.inFull)")
    }
  }

  /// Like ``check(_:_:)``, for a problem that may only seem one from this host: it prints `WARN  name: reason` and does not change the exit
  /// status.
  package func advise(_ name: String, _ work: () throws -> String) {
    do {
      print("ok    \(name): \(try work())")
    } catch {
      print("WARN  \(name): \(error.inFull)")
    }
  }

  /// The process's exit status: 0 if everything works, otherwise 1.
  package var exitStatus: Int32 { isGood ? 0 : 1 }
}
