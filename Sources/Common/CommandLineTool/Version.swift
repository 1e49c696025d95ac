internal import CVersion

/// The version of all executables of this package: what `scripts/build/version` prints, if `scripts/build/programs` has built them.
package enum Version {
  /// As shown by `--version`, the first log line and the report. It is set when the program is built.
  package static var current: String { unsafe String(cString: handlers_version()) }
}
