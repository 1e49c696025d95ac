internal import CLibAV

/// A negative result of FFmpeg's libraries (`AVERROR`).
struct AVErrorCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  let rawValue: Int32

  static var endOfFile: AVErrorCode { AVErrorCode(rawValue: cav_error_eof()) }
  static var exit: AVErrorCode { AVErrorCode(rawValue: cav_error_exit()) }
  static var noMemory: AVErrorCode { AVErrorCode(rawValue: cav_error_no_memory()) }

  /// `av_strerror`'s sentence with a small first letter, since it goes into longer ones.
  var description: String {
    var buffer = [CChar](repeating: 0, count: 128)
    unsafe av_strerror(rawValue, &buffer, buffer.count)
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
