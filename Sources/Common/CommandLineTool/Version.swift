internal import CVersion

/// The version all executables of this package share: what `scripts/build/version` says, where `scripts/build/programs` has built them.
package enum Version {
  package static var current: String { unsafe String(cString: handlers_version()) }
}
