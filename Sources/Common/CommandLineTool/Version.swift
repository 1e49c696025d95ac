internal import CVersion

/// The version all executables of this package share: what `scripts/build/version` says, where `scripts/build/programs` has built them.
package enum Version {
  /// As `--version`, the first line of the log and the report show it. It is set when the program is built.
  package static var current: String { unsafe String(cString: handlers_version()) }
}
