internal import CLibAV

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
  var isKeyframe: Bool { unsafe raw.pointee.flags & AV_PKT_FLAG_KEY != 0 }
}
