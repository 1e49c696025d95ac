internal import CLibAV
internal import Decoding

extension MediaFile {
  /// The video tracks in the order in which they are tried. Some containers announce new ones while they are read.
  var tracks: [VideoTrack] {
    var found: [VideoTrack] = []
    var images: Set<Int> = []
    for index in streams {
      let stream = unsafe stream(index)
      let parameters = unsafe stream.pointee.codecpar!
      guard unsafe parameters.pointee.codec_type == AVMEDIA_TYPE_VIDEO else { continue }
      let disposition = unsafe stream.pointee.disposition
      let hint = unsafe head.hint(id: Int(stream.pointee.id), order: found.filter { !$0.isCover }.count)
      if hint.isAuxiliary { continue }
      let frames = unsafe Int(clamping: stream.pointee.nb_frames)
      if unsafe frames == 0 && Self.imageCodecs.contains(parameters.pointee.codec_id.rawValue) { images.insert(index) }
      found.append(
        VideoTrack(
          stream: index, isCover: disposition & AV_DISPOSITION_ATTACHED_PIC != 0,
          isStill: disposition & (AV_DISPOSITION_STILL_IMAGE | AV_DISPOSITION_TIMED_THUMBNAILS) != 0 || frames == 1,
          isEnabled: hint.isEnabled, isDefault: disposition & AV_DISPOSITION_DEFAULT != 0,
          pixels: unsafe Int(parameters.pointee.width) * Int(parameters.pointee.height), frames: frames))
    }
    // If the number of frames is not known, a track of separate images beside a video is not the video.
    for index in found.indices where images.contains(found[index].stream) && found.count > images.count {
      found[index].isStill = true
    }
    return VideoTrack.ordered(found)
  }

  /// Says why there is no track.
  var lackOfVideo: MediaError {
    let isNamed = streams.allSatisfy {
      unsafe stream($0).pointee.codecpar.pointee.codec_id != AV_CODEC_ID_BIN_DATA
    }
    if isNamed { return .noVideoStream }
    return MediaError(
      .noVideo,
      "the file has no video stream, but one whose kind it does not name: AV1 or VP9 in a transport stream, say, which belongs in MP4"
    )
  }

  private static let imageCodecs: Set<UInt32> = [
    AV_CODEC_ID_MJPEG.rawValue, AV_CODEC_ID_PNG.rawValue, AV_CODEC_ID_BMP.rawValue, AV_CODEC_ID_WEBP.rawValue,
    AV_CODEC_ID_GIF.rawValue,
  ]

  /// What the container tells of the selected track and libavformat does not pass on.
  var hint: TrackHint {
    var order = 0
    for index in 0..<streamIndex {
      let stream = unsafe stream(index)
      let isVideo = unsafe stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
      if unsafe isVideo && stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0 { order += 1 }
    }
    return unsafe head.hint(id: Int(stream.pointee.id), order: order)
  }

  /// Selects the only track to be read from now on.
  ///
  /// - Throws: `MediaError` if the track cannot be read, or what the source threw.
  func select(_ track: VideoTrack) throws {
    for index in streams {
      unsafe stream(index).pointee.discard = index == track.stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL
    }
    take(track)
    if try isEncrypted { throw MediaFile.encrypted }
    let width = unsafe Int(parameters.pointee.width)
    let height = unsafe Int(parameters.pointee.height)
    guard width * height <= limits.maximumPixels else {
      throw MediaError(
        .overLimit, "the picture is too large: \(width)×\(height), at most \(limits.maximumPixels) pixels (MEDIA_MAX_PIXELS)")
    }
  }

  /// Whether the colours are those of Dolby Vision's profile 5, or its equivalent in AV1, which are not YCbCr.
  var isDolbyVision5: Bool {
    guard unsafe [AV_CODEC_ID_HEVC, AV_CODEC_ID_AV1].contains(parameters.pointee.codec_id) else { return false }
    // Programs that copy the stream may drop the record but keep the tag, which says that the picture is compatible with nothing.
    return unsafe sideData(AV_PKT_DATA_DOVI_CONF) { data, size in
      unsafe size >= MemoryLayout<AVDOVIDecoderConfigurationRecord>.size
        && data.withMemoryRebound(to: AVDOVIDecoderConfigurationRecord.self, capacity: 1) {
          unsafe $0.pointee.dv_profile == 5 || ($0.pointee.dv_profile == 10 && $0.pointee.dv_bl_signal_compatibility_id == 0)
        }
    } ?? ["dvh1", "dvhe", "dav1"].contains(CodecName.letters(of: parameters.pointee.codec_tag))
  }

  /// The rotation of the picture: from the stream's display matrix, else from what Matroska has instead, else from the coded pictures.
  var orientation: Orientation {
    unsafe sideData(AV_PKT_DATA_DISPLAYMATRIX) { data, size in unsafe Orientation(data, bytes: size) }
      ?? (hint.orientation == .upright ? facts.orientation : nil) ?? hint.orientation
  }

  func sideData<Result>(
    _ type: AVPacketSideDataType, _ read: (UnsafePointer<UInt8>, Int) -> Result
  ) -> Result? {
    var size = 0
    return unsafe cav_side_data(stream, type, &size).map { unsafe read($0, size) }
  }
}
