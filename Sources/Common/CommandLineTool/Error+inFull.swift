extension Error {
  /// The error with the library's or server's own message, if it has one: for people who may also read the log.
  package var inFull: String { (self as? any CustomDebugStringConvertible)?.debugDescription ?? "\(self)" }
}
