internal import CLibAV
internal import Deadlines
internal import Decoding
internal import Failures

/// Decodes single pictures of a file: seek to the keyframe at or before a time, one packet in, drain, one picture out.
/// Also decodes on from the beginning, for files in which seeking leads nowhere.
@safe final class KeyframeDecoder {
  let file: MediaFile
  let deadline: Deadline
  private var codec: UnsafeMutablePointer<AVCodecContext>?
  private let references = MissingReferences()
  private var isDraining = false
  private var isStarted = false
  /// A damaged picture came, and no keyframe since: what refers to it is damaged, too, and does not say so.
  private var isTainted = false
  /// The damage was wrong data, and not a beginning that lacks what is before it, as gradual refresh has it.
  private var isBroken = false
  private var packetsRead = 0
  private var hasPalette = false
  /// Bytes of the packets that have been read for decoding: what had to be fetched at least, beside the index.
  var packetBytes = 0
  /// Takes pictures, too, of which the decoder itself says that parts are missing or wrong: the last resort.
  var acceptsDamage = false
  /// Whether there was a picture that was not taken for that reason.
  private(set) var hasMetDamage = false

  /// An encrypted packet is the end of what is read, and not an error.
  var staysInClear = false

  /// A seek by time has led nowhere: places are estimated from then on.
  var isLost = false
  /// No keyframe was near an estimated place: there are hardly any.
  var isStranded = false

  /// Bytes that are read in search of a time or of a keyframe.
  static let farthest = 8 << 20
  /// Packets without a keyframe after which the flags are taken for lies.
  private static let patience = 500

  init(_ file: MediaFile, deadline: Deadline) throws(MediaError) {
    self.file = file
    self.deadline = deadline
    isLost = file.endSeconds != nil || file.isBetterEstimated
    try open()
  }

  /// Opens the decoder the track needs now.
  private func open() throws(MediaError) {
    unsafe avcodec_free_context(&codec)
    hasPalette = false
    unsafe codec = try file.openedDecoder(references)
  }

  deinit {
    unsafe avcodec_free_context(&codec)
  }

  /// The picture of a keyframe from where the file is read now.
  ///
  /// - Parameter count: keyframes before it that are not decoded.
  func nextKeyframe(skipping count: Int) throws -> Frame? {
    let packet = try Packet()
    for _ in 0..<count {
      restart()
      repeat {
        guard try read(into: packet) else { return nil }
      } while !packet.isKeyframe
    }
    restart()
    return try keyframe()
  }

  /// The still picture that comes with an audio file.
  func attachedPicture() throws -> Frame? {
    restart()
    let frame = try Frame()
    unsafe avcodec_send_packet(codec, &file.stream.pointee.attached_pic)
    unsafe avcodec_send_packet(codec, nil)
    guard try receive(into: frame) else { return nil }
    return frame
  }

  /// The next sound picture in the order of the file; nil at its end, or when the limit of packets is reached.
  func nextPicture() throws -> Frame? {
    let frame = try Frame()
    let packet = try Packet()
    var skipped = 0
    while true {
      if try receive(into: frame) { return frame }
      if isDraining { return nil }
      guard packetsRead < file.limits.maximumPackets, try read(into: packet) else {
        isDraining = true
        unsafe avcodec_send_packet(codec, nil)
        continue
      }
      // What comes before the first keyframe refers to pictures nobody has: grey ones would come of it.
      if packet.isKeyframe || packetsRead >= Self.patience { isStarted = true }
      if isBroken && !packet.isKeyframe && !acceptsDamage {
        // To mend a picture takes many times as long as to decode one, and none of these would be taken.
        skipped += 1
        if skipped > file.mostFrames { return nil }
      } else if isStarted || acceptsDamage {
        unsafe _ = avcodec_send_packet(codec, packet.raw)
      }
    }
  }

  func restart() {
    unsafe avcodec_flush_buffers(codec)
    isDraining = false
    isStarted = false
    isTainted = false
    isBroken = false
    packetsRead = 0
  }

  /// One keyframe is a picture of its own: it is drained out instead of waiting for reordering. A stream whose first packet
  /// gives none (field pairs, false keyframe flags, gradual refresh) is decoded on from there.
  ///
  /// - Parameter near: about when it is shown, in ticks; nil where that is not known.
  func keyframe(near ticks: Int64? = nil) throws -> Frame? {
    let packet = try Packet()
    let limit = packetBytes + Self.farthest
    repeat {
      guard packetBytes < limit, try read(into: packet) else { return nil }
    } while !packet.isKeyframe && packetsRead < Self.patience
    unsafe packet.tellTime(delay: file.parameters.pointee.video_delay, near: ticks)
    let frame = try Frame()
    let isDecoded = try references.whileLoneKeyframe {
      guard unsafe avcodec_send_packet(codec, packet.raw) == 0 else { return false }
      unsafe avcodec_send_packet(codec, nil)
      return try receive(into: frame)
    }
    // Flags lie. H.264's gradual refresh has keyframes that are changes of others, and libavcodec says of these when they are whole. A layer of VP9
    // and AV1 may be a change of the one below, in the same packet, and of a picture that is missing their decoders make nothing.
    let isAlone = unsafe !frame.refersToOthers || Self.honest.contains(codec!.pointee.codec_id.rawValue)
    if isDecoded && isAlone { return frame }
    if isDecoded || isBroken { return nil }
    unsafe avcodec_flush_buffers(codec)
    unsafe _ = avcodec_send_packet(codec, packet.raw)
    isStarted = true
    return try nextPicture()
  }

  /// The next packet of the video stream; false at the end of the file.
  private func read(into packet: borrowing Packet) throws -> Bool {
    while packetsRead < file.limits.maximumPackets {
      guard !deadline.hasPassed else { throw DeadlineExceeded(activity: "decoding the video") }
      packetsRead += 1
      packet.clear()
      let status = unsafe av_read_frame(file.format, packet.raw)
      try file.reader.rethrow()
      if status < 0 { return false }
      guard packet.stream == file.streamIndex else { continue }
      packetBytes += packet.size
      // A transport stream may go on in another codec.
      if unsafe file.parameters.pointee.codec_id != codec?.pointee.codec_id { try open() }
      // The decoder keeps it, and the file may bring others later.
      if !hasPalette && ["avi", "matroska,webm"].contains(file.containerName) {
        unsafe packet.bringPalette(of: file.parameters)
      }
      hasPalette = true
      guard packet.isEncrypted else { return true }
      if !staysInClear { throw MediaError(.encrypted, "the video is encrypted") }
      return false
    }
    return false
  }

  private static let honest = [AV_CODEC_ID_H264, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1].map(\.rawValue)

  private func receive(into frame: borrowing Frame) throws -> Bool {
    while unsafe avcodec_receive_frame(codec, frame.raw) == 0 {
      if unsafe codec?.pointee.codec_id == AV_CODEC_ID_VP9 { try takeTopLayer(into: frame) }
      guard frame.width * frame.height <= file.limits.maximumPixels else {
        throw MediaError(.overLimit, "the picture is too large: \(frame.width)×\(frame.height) (MEDIA_MAX_PIXELS)")
      }
      file.colours.fill(frame)
      file.lookAtSideData(of: frame)
      isTainted = frame.isDamaged || (isTainted && !frame.isKeyframe)
      isBroken = frame.isMended || (isBroken && !frame.isKeyframe)
      hasMetDamage = hasMetDamage || isTainted
      if (acceptsDamage || !isTainted) && frame.width > 0 && frame.height > 0 { return true }
    }
    return false
  }

  /// Scalable VP9 has several pictures in a packet, the largest last, of which libavcodec shows each: the last one is meant.
  private func takeTopLayer(into frame: borrowing Frame) throws(MediaError) {
    let higher = try Frame()
    while unsafe avcodec_receive_frame(codec, higher.raw) == 0 {
      unsafe av_frame_unref(frame.raw)
      unsafe av_frame_move_ref(frame.raw, higher.raw)
    }
  }
}
