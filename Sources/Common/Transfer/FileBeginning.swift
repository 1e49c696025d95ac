internal import Failures

/// A file from its beginning, sent by an origin that serves no ranges: all of it, or as much as came within the limits of bytes and time.
struct FileBeginning {
  let bytes: [UInt8]
  /// That the time was over before the file was complete.
  var outOfTime: SourceError?
  var isTakenForAll = false

  /// Up to `count` bytes from `offset`; nil if they have not come.
  func found(at offset: Int64, count: Int) -> ArraySlice<UInt8>? {
    offset < bytes.count ? bytes[Int(offset)..<min(bytes.count, Int(offset) + count)] : nil
  }

  /// What lies beyond cannot be read.
  var refusal: SourceError {
    outOfTime
      ?? SourceError(
        .source,
        "the origin serves no ranges, and what is needed lies beyond the first \(bytes.count) bytes (SOURCE_MAX_BYTES)",
        isFinalAnswer: true)
  }
}
