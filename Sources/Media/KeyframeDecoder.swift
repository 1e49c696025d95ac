internal import CLibAV
internal import Deadlines
internal import Failures

/// Decodes single pictures of a file: seek to the keyframe at or before a time, one packet in, drain, one picture out.
@safe final class KeyframeDecoder {
  private let file: MediaFile
  private let deadline: Deadline
  private var codec: UnsafeMutablePointer<AVCodecContext>?

  init(_ file: MediaFile, deadline: Deadline) throws(MediaError) {
    self.file = file
    self.deadline = deadline
    let parameters = unsafe file.parameters
    guard let decoder = unsafe avcodec_find_decoder(parameters.pointee.codec_id) else {
      throw MediaError(.unsupportedCodec, "the video codec \(file.codecName) is not supported")
    }
    guard let codec = unsafe avcodec_alloc_context3(decoder) else { throw MediaError(.outOfMemory, "out of memory") }
    unsafe self.codec = codec
    unsafe avcodec_parameters_to_context(codec, parameters)
    unsafe codec.pointee.pkt_timebase = file.stream.pointee.time_base
    unsafe codec.pointee.thread_count = 1
    unsafe codec.pointee.max_pixels = Int64(file.limits.maximumPixels)
    var options: OpaquePointer?
    unsafe av_dict_set(&options, "codec_whitelist", AllowList.codecs, 0)
    defer { unsafe av_dict_free(&options) }
    let opened = unsafe avcodec_open2(codec, decoder, &options)
    guard opened == 0 else {
      throw MediaError(
        .unsupportedCodec, "the video codec \(file.codecName) cannot be decoded", code: AVErrorCode(rawValue: opened))
    }
  }

  deinit {
    unsafe avcodec_free_context(&codec)
  }

  /// The first sound picture at the keyframe at or before `seconds`; nil where there is none to be decoded.
  ///
  /// - Parameter seconds: since the beginning of the video; nil decodes from where the file stands, its start at first.
  func picture(at seconds: Double?) throws -> Frame? {
    unsafe avcodec_flush_buffers(codec)
    if let seconds {
      let target = Int64((seconds + file.startSeconds) / file.secondsPerTick)
      guard unsafe av_seek_frame(file.format, Int32(file.streamIndex), target, AVSEEK_FLAG_BACKWARD) >= 0 else {
        try file.reader.rethrow()
        return nil
      }
    }
    let frame = try Frame()
    guard try decode(into: frame) else { return nil }
    return frame
  }

  /// Decodes from where the file stands; false where no sound picture comes of it.
  private func decode(into frame: borrowing Frame) throws -> Bool {
    let packet = try Packet()
    var read = 0
    var hasStarted = false
    while read < file.limits.maximumPackets {
      guard !deadline.hasPassed else { throw DeadlineExceeded(activity: "decoding the video") }
      read += 1
      packet.clear()
      let status = unsafe av_read_frame(file.format, packet.raw)
      try file.reader.rethrow()
      if status < 0 {
        // The end: what the decoder still holds is all there is.
        return try drain(into: frame)
      }
      guard packet.stream == file.streamIndex else { continue }
      guard hasStarted || packet.isKeyframe else { continue }
      let sent = unsafe avcodec_send_packet(codec, packet.raw)
      guard sent == 0 else { continue }
      // One keyframe is a picture of its own: drain it out instead of waiting for reordering. A stream whose first packet
      // gives none (field pairs, false keyframe flags) is decoded on.
      if !hasStarted {
        hasStarted = true
        if try drain(into: frame) { return true }
        unsafe avcodec_flush_buffers(codec)
        _ = unsafe avcodec_send_packet(codec, packet.raw)
        continue
      }
      if try receive(into: frame) { return true }
    }
    return false
  }

  private func drain(into frame: borrowing Frame) throws -> Bool {
    unsafe avcodec_send_packet(codec, nil)
    return try receive(into: frame)
  }

  private func receive(into frame: borrowing Frame) throws -> Bool {
    while unsafe avcodec_receive_frame(codec, frame.raw) == 0 {
      guard frame.width * frame.height <= file.limits.maximumPixels else {
        throw MediaError(.overLimit, "the picture is too large: \(frame.width)×\(frame.height) (MEDIA_MAX_PIXELS)")
      }
      if !frame.isDamaged && frame.width > 0 && frame.height > 0 { return true }
    }
    return false
  }
}
