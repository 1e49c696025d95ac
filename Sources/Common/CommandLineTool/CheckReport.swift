/// The lines of `--check`: what was looked at, whether it works, and what to do where it does not.
package struct CheckReport {
  /// Whether no check has failed so far. What ``advise(_:_:)`` warns of does not count.
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

  /// Like ``check(_:_:)``, for what may be right though it does not look so from here: `WARN  name: reason`, and the exit status stays.
  package func advise(_ name: String, _ work: () throws -> String) {
    do {
      print("ok    \(name): \(try work())")
    } catch {
      print("WARN  \(name): \(error.inFull)")
    }
  }

  /// The process's exit status: 0 when everything works, else 1.
  package var exitStatus: Int32 { isGood ? 0 : 1 }
}
