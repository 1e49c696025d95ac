internal import CVersion

/// The version all executables of this package share: what `scripts/version` says, where `scripts/build-release` has built them.
package enum Version {
  package static var current: String { unsafe String(cString: handlers_version()) }
}
