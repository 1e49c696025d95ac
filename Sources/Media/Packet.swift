internal import CLibAV
internal import Decoding

/// A piece of a stream (`AVPacket`).
@safe struct Packet: ~Copyable {
  let raw: UnsafeMutablePointer<AVPacket>

  init() throws(MediaError) {
    guard let packet = unsafe av_packet_alloc() else { throw MediaError.memory }
    unsafe raw = packet
  }

  deinit {
    var pointer: UnsafeMutablePointer<AVPacket>? = unsafe raw
    unsafe av_packet_free(&pointer)
  }

  borrowing func clear() { unsafe av_packet_unref(raw) }

  var stream: Int { unsafe Int(raw.pointee.stream_index) }
  /// Whether some of the sample is encrypted by Common Encryption (ISO/IEC 23001-7). It may list only clear parts.
  var isEncrypted: Bool {
    var size = 0
    guard let data = unsafe av_packet_get_side_data(raw, AV_PKT_DATA_ENCRYPTION_INFO, &size) else { return false }
    guard let info = unsafe av_encryption_info_get_side_data(data, size) else { return true }
    defer { unsafe av_encryption_info_free(info) }
    let parts = unsafe UnsafeBufferPointer(start: info.pointee.subsamples, count: Int(info.pointee.subsample_count))
    return unsafe parts.isEmpty || parts.contains { $0.bytes_of_protected_data > 0 }
  }
  var size: Int { unsafe Int(raw.pointee.size) }
  /// Its first bytes, at most `count`.
  func head(_ count: Int) -> [UInt8] { unsafe Array(UnsafeBufferPointer(start: raw.pointee.data, count: min(size, count))) }
  var isKeyframe: Bool { unsafe raw.pointee.flags & AV_PKT_FLAG_KEY != 0 }

  /// Adds the palette from the header of an AVI file, or of its equivalent in Matroska, unless the packet has one. libavformat adds it only
  /// to the first packet that it reads, and a decoder that begins with a later one would show all colours as black.
  borrowing func bringPalette(of parameters: UnsafePointer<AVCodecParameters>) {
    var size = 0
    let bits = unsafe parameters.pointee.bits_per_coded_sample
    guard (1...8).contains(bits), unsafe av_packet_get_side_data(raw, AV_PKT_DATA_PALETTE, &size) == nil,
      let header = unsafe parameters.pointee.extradata
    else { return }
    // The palette is at the end of the header (`BITMAPINFO`): four bytes a colour, blue first. Colours are opaque whatever the fourth byte
    // is.
    let count = min(1 << Int(bits), unsafe Int(parameters.pointee.extradata_size) / 4)
    guard count > 0, let palette = unsafe av_packet_new_side_data(raw, AV_PKT_DATA_PALETTE, 1024) else { return }
    let colours = unsafe header + Int(parameters.pointee.extradata_size) - 4 * count
    unsafe palette.initialize(repeating: 0, count: 1024)
    unsafe palette.withMemoryRebound(to: UInt32.self, capacity: 256) { entries in
      for index in 0..<count {
        let colour = unsafe UnsafeRawPointer(colours + 4 * index).loadUnaligned(as: UInt32.self)
        unsafe entries[index] = 0xff00_0000 | UInt32(littleEndian: colour)
      }
    }
  }

  /// Sets the presentation time if the container tells only when the picture is decoded (AVI) or nothing (a picture in the middle of a PES
  /// packet). A decoder that is drained has no other packet from which to take a time.
  ///
  /// - Parameters:
  ///   - delay: how many pictures a decoder holds back before it shows one; 0 without reordering.
  ///   - near: an approximate time, in units of the stream's time base.
  borrowing func tellTime(delay: Int32, near: Int64?) {
    guard unsafe raw.pointee.pts == cav_no_pts() else { return }
    if unsafe raw.pointee.dts != cav_no_pts() {
      // Usually two B-frames are shown before it. A time that is too late is safer: the picture shown just before may belong to another
      // scene.
      let wait = delay > 0 ? Int64(delay) + 2 : 0
      unsafe raw.pointee.pts = raw.pointee.dts &+ wait &* raw.pointee.duration
    } else if let near {
      unsafe raw.pointee.pts = near
    }
  }
}
