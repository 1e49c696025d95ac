internal import CLibAV
internal import Decoding

/// A piece of a stream (`AVPacket`).
@safe struct Packet: ~Copyable {
  let raw: UnsafeMutablePointer<AVPacket>

  init() throws(MediaError) {
    guard let packet = unsafe av_packet_alloc() else { throw MediaError(.outOfMemory, "out of memory") }
    unsafe raw = packet
  }

  deinit {
    var pointer: UnsafeMutablePointer<AVPacket>? = unsafe raw
    unsafe av_packet_free(&pointer)
  }

  borrowing func clear() { unsafe av_packet_unref(raw) }

  var stream: Int { unsafe Int(raw.pointee.stream_index) }
  /// Common Encryption (ISO/IEC 23001-7).
  var isEncrypted: Bool {
    var size = 0
    return unsafe av_packet_get_side_data(raw, AV_PKT_DATA_ENCRYPTION_INFO, &size) != nil
  }
  var size: Int { unsafe Int(raw.pointee.size) }
  var isKeyframe: Bool { unsafe raw.pointee.flags & AV_PKT_FLAG_KEY != 0 }
}
