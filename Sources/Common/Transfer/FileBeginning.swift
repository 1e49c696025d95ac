internal import Failures

/// A file from its beginning, sent by an origin that serves no ranges: all of it, or as much as came within the limits of bytes and time, or
/// as the origin gave.
struct FileBeginning {
  let bytes: [UInt8]
  /// Why no more can be had, if not because of the limit of bytes: the time is over, or the origin calls this a part.
  var reason: SourceError?
  var isTakenForAll = false

  /// Up to `count` bytes from `offset`; nil if they have not come.
  func found(at offset: Int64, count: Int) -> ArraySlice<UInt8>? {
    offset < bytes.count ? bytes[Int(offset)..<min(bytes.count, Int(offset) + count)] : nil
  }

  /// What lies beyond cannot be read.
  var refusal: SourceError {
    reason
      ?? SourceError(
        .source,
        "the origin serves no ranges, and what is needed lies beyond the first \(bytes.count) bytes (SOURCE_MAX_BYTES)",
        isFinalAnswer: true)
  }
}
