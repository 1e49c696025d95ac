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

  /// Says when the picture is shown where the container tells only when it is decoded (AVI), or nothing (a picture in the middle of a PES
  /// packet): a decoder that is drained has no other packet to take a time from.
  ///
  /// - Parameters:
  ///   - delay: pictures a decoder holds back before it shows one; 0 where they are shown as they are decoded.
  ///   - near: a time that is about right, in units of the stream's time base.
  borrowing func tellTime(delay: Int32, near: Int64?) {
    guard unsafe raw.pointee.pts == cav_no_pts() else { return }
    if unsafe raw.pointee.dts != cav_no_pts() {
      // The B-frames that are shown before it are two as a rule. Rather too late: what is shown just before it may be another scene.
      let wait = delay > 0 ? Int64(delay) + 2 : 0
      unsafe raw.pointee.pts = raw.pointee.dts &+ wait &* raw.pointee.duration
    } else if let near {
      unsafe raw.pointee.pts = near
    }
  }
}
