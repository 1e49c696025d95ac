internal import CLibAV
internal import Deadlines
internal import Decoding
internal import Failures

/// Decodes single pictures of a file: it seeks to the keyframe at or before a time, sends one packet, drains the decoder and receives one
/// picture. It can also decode on from the beginning, for files in which seeking fails.
@safe final class KeyframeDecoder {
  let file: MediaFile
  let deadline: Deadline
  private var codec: UnsafeMutablePointer<AVCodecContext>?
  private let references = MissingReferences()
  private(set) var run = DecodingRun()
  /// How many pictures were decoded for nothing because a run is orphaned.
  private var orphans = 0
  private var hasPalette = false
  /// Bytes of the packets that were read for decoding: besides the index, the least that had to be fetched.
  var packetBytes = 0
  /// Whether no more may be read of the file.
  var isUsedUp = false
  /// What of its source had been read before this decoder was made.
  let bytesBefore: Int
  /// What has been read of the file opened again at other places.
  var bytesElsewhere = 0
  /// As the last resort, accepts pictures that the decoder reports as damaged.
  var acceptsDamage = false
  /// Whether a picture was not accepted for that reason.
  private(set) var hasMetDamage = false

  /// Refuses pictures that come after lost ones, up to the next keyframe.
  var avoidsGaps = false
  /// Whether pictures are lost.
  private(set) var hasMetGap = false
  private var numbers: FrameNumbers?

  /// Whether reading ends at the first encrypted packet instead of throwing an error.
  var staysInClear = false

  /// A seek by time has failed. From then on places are estimated.
  var isLost = false
  /// There was no keyframe near an estimated place, so there are hardly any in the file.
  var isStranded = false
  /// The picture to which the last places led, and how many of them did.
  var found: (time: Int64?, places: Int) = (nil, 0)

  /// The most bytes to read in search of a time or of a keyframe.
  static let farthest = 8 << 20
  /// After this number of packets without a keyframe, the flags are taken to be wrong.
  private static let patience = 500

  init(_ file: MediaFile, deadline: Deadline) throws(MediaError) {
    self.file = file
    self.deadline = deadline
    bytesBefore = file.reader.bytesRead
    isLost = file.endSeconds != nil || file.isBetterEstimated
    try open()
  }

  /// Opens the decoder that the track needs now.
  private func open() throws(MediaError) {
    unsafe avcodec_free_context(&codec)
    unsafe codec = try file.openedDecoder(references)
    numbers = file.frameNumbers
  }

  deinit {
    unsafe avcodec_free_context(&codec)
  }

  /// The picture of a later keyframe, counted from the current position.
  ///
  /// - Parameter count: how many keyframes to skip without decoding them.
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

  /// The still picture that is attached to an audio file.
  func attachedPicture() throws -> Frame? {
    restart()
    let frame = try Frame()
    unsafe avcodec_send_packet(codec, &file.stream.pointee.attached_pic)
    unsafe avcodec_send_packet(codec, nil)
    guard try receive(into: frame) else { return nil }
    return frame
  }

  /// The next sound picture in the order of the file; nil at its end, or if as many packets as the limit says have none.
  ///
  /// - Parameter limit: the `packetBytes` at which reading ends.
  func nextPicture(before limit: Int = .max) throws -> Frame? {
    let frame = try Frame()
    let packet = try Packet()
    var skipped = 0
    // Without deblocking, edges would add up from picture to picture.
    unsafe codec?.pointee.skip_loop_filter = AVDISCARD_DEFAULT
    while true {
      if try receive(into: frame) {
        // Keyframe flags may be false: reading began with a picture that refers to others, and shows grey in their place.
        if run.isFirst && frame.refersToOthers && !reportsGaps {
          (run.isOrphaned, run.isTainted, hasMetDamage) = (true, true, true)
        }
        run.isFirst = false
        if isAcceptable {
          run.packetsRead = 0
          return frame
        }
        continue
      }
      if run.isDraining { return nil }
      guard run.packetsRead < file.limits.maximumPackets, packetBytes < limit, try read(into: packet) else {
        run.isDraining = true
        unsafe avcodec_send_packet(codec, nil)
        continue
      }
      // Packets before the first keyframe refer to pictures that are missing, and would decode to grey.
      if packet.isKeyframe || run.packetsRead >= Self.patience { run.isStarted = true }
      let isBehindGap = avoidsGaps && run.hasGap && !run.mayHeal
      if (run.isBroken || isBehindGap) && !packet.isKeyframe && !acceptsDamage {
        // Concealing errors takes many times as long as decoding, and none of these pictures would be accepted.
        skipped += 1
        if let time = run.nextTime, let duration = file.ticksPerPicture { run.nextTime = time &+ duration }
        if skipped > file.mostFrames { return nil }
      } else if run.isStarted || acceptsDamage {
        if run.isOrphaned && run.isTainted && !acceptsDamage {
          orphans += 1
          if orphans > file.mostFrames { return nil }
        }
        unsafe _ = avcodec_send_packet(codec, packet.raw)
      }
    }
  }

  /// - Parameter time: when the first picture from here on is shown, in ticks, if it does not tell; nil if that is not known.
  func restart(at time: Int64? = nil) {
    unsafe avcodec_flush_buffers(codec)
    run = DecodingRun()
    run.nextTime = time
    numbers?.restart()
  }

  private var isAcceptable: Bool { acceptsDamage || !run.isTainted && !(avoidsGaps && run.hasGap) }

  /// A keyframe is a picture of its own, so the decoder is drained instead of waiting for reordering. If the first packet yields no picture
  /// (field pairs, false keyframe flags, gradual refresh), decoding goes on from there.
  ///
  /// - Parameter near: about when it is shown, in ticks; nil if that is not known.
  func keyframe(near ticks: Int64? = nil) throws -> Frame? {
    let packet = try Packet()
    let limit = packetBytes + Self.farthest
    repeat {
      guard packetBytes < limit, try read(into: packet) else {
        run.isBarren = file.canSeekByByte
        return nil
      }
    } while !packet.isKeyframe && run.packetsRead < Self.patience
    unsafe packet.tellTime(delay: file.parameters.pointee.video_delay, near: ticks)
    let frame = try Frame()
    if file.isHalved { unsafe codec?.pointee.skip_loop_filter = AVDISCARD_ALL }
    let isDecoded = try references.whileLoneKeyframe {
      guard unsafe avcodec_send_packet(codec, packet.raw) == 0 else { return false }
      unsafe avcodec_send_packet(codec, nil)
      return try receive(into: frame)
    }
    // Keyframe flags may be false, so a picture that refers to others is not accepted. With three codecs it is. With H.264's gradual
    // refresh, keyframes refer to other pictures, and libavcodec says when they are whole. In VP9 and AV1, a layer may refer to the one
    // below in the same packet, and their decoders return nothing if a reference is missing.
    let isAlone = !frame.refersToOthers || reportsGaps
    if isDecoded && isAlone { return frame }
    if isDecoded || run.isBroken { return nil }
    unsafe avcodec_flush_buffers(codec)
    unsafe _ = avcodec_send_packet(codec, packet.raw)
    run.isStarted = true
    return try nextPicture(before: limit + Self.farthest)
  }

  /// Reads the next packet of the video stream; false at the end of the file or at the limit of packets.
  private func read(into packet: borrowing Packet) throws -> Bool {
    while run.packetsRead < file.limits.maximumPackets {
      guard !deadline.hasPassed else { throw DeadlineExceeded(activity: "decoding the video") }
      run.packetsRead += 1
      packet.clear()
      // What lies between two packets of a track may be the whole file.
      let (status, _) = file.reader.whileReading(atMost: Self.farthest) { unsafe av_read_frame(file.format, packet.raw) }
      try file.reader.rethrow()
      if status < 0 { return false }
      guard packet.stream == file.streamIndex else { continue }
      packetBytes += packet.size
      let wasShrunk = file.isShrunk
      file.lookAtFields(of: packet)
      if numbers?.missesPictures(before: packet.head(FrameNumbers.head)) == true {
        (run.hasGap, run.mayHeal, hasMetGap) = (true, false, true)
      }
      if packet.isKeyframe { run.mayHeal = run.hasGap }
      // A transport stream may continue in another codec, and MJPEG in another size.
      if unsafe file.parameters.pointee.codec_id != codec?.pointee.codec_id || wasShrunk != file.isShrunk { try open() }
      // Only for the first packet: the decoder keeps the palette, and the file may bring others later.
      if !hasPalette && ["avi", "matroska,webm"].contains(file.containerName) {
        unsafe packet.bringPalette(of: file.parameters)
      }
      hasPalette = true
      guard packet.isEncrypted else { return true }
      if !staysInClear { throw MediaFile.encrypted }
      return false
    }
    return false
  }

  private var reportsGaps: Bool { unsafe Self.reportingGaps.contains(codec!.pointee.codec_id.rawValue) }
  /// And H.261, whose decoder calls every picture predicted.
  private static let reportingGaps = [AV_CODEC_ID_H264, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1, AV_CODEC_ID_H261].map(\.rawValue)

  private func receive(into frame: borrowing Frame) throws -> Bool {
    while unsafe avcodec_receive_frame(codec, frame.raw) == 0 {
      if unsafe codec?.pointee.codec_id == AV_CODEC_ID_VP9 { try takeTopLayer(into: frame) }
      guard frame.width * frame.height <= file.limits.maximumPixels else {
        throw MediaError(.overLimit, "the picture is too large: \(frame.width)×\(frame.height) (MEDIA_MAX_PIXELS)")
      }
      // In bare streams no picture tells, and of several in a packet only one does.
      if frame.timestamp == nil, let time = run.nextTime { frame.tell(time: time) }
      if let time = frame.timestamp, let duration = file.ticksPerPicture { run.nextTime = time &+ duration }
      file.colours.fill(frame)
      file.lookAtSideData(of: frame)
      file.takeInterlacing(of: frame)
      run.isTainted = frame.isDamaged || (run.isTainted && !frame.isKeyframe)
      run.isBroken = frame.isMended || (run.isBroken && !frame.isKeyframe)
      hasMetDamage = hasMetDamage || run.isTainted
      if frame.isKeyframe && run.mayHeal { (run.hasGap, run.mayHeal) = (false, false) }
      if isAcceptable && frame.width > 0 && frame.height > 0 { return true }
    }
    return false
  }

  /// In scalable VP9, a packet has several pictures, the largest last, and libavcodec returns each. The last one is meant to be shown.
  private func takeTopLayer(into frame: borrowing Frame) throws(MediaError) {
    let higher = try Frame()
    while unsafe avcodec_receive_frame(codec, higher.raw) == 0 {
      unsafe av_frame_unref(frame.raw)
      unsafe av_frame_move_ref(frame.raw, higher.raw)
    }
  }
}
