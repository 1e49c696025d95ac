extension Error {
  /// With the words of a library or server, where it has any: for people who may read the log, too, and want the reason.
  package var inFull: String { (self as? any CustomDebugStringConvertible)?.debugDescription ?? "\(self)" }
}
