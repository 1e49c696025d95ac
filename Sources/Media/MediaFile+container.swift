internal import CLibAV

extension MediaFile {
  /// The options with which libavformat opens a file. The caller frees them.
  func demuxerOptions(heedsEdits: Bool) -> OpaquePointer? {
    var options: OpaquePointer?
    unsafe av_dict_set(&options, "format_whitelist", AllowList.containers, 0)
    unsafe av_dict_set(&options, "codec_whitelist", AllowList.codecs, 0)
    unsafe av_dict_set(&options, "protocol_whitelist", "none", 0)
    // References to other files inside a MOV are not followed.
    unsafe av_dict_set(&options, "enable_drefs", "0", 0)
    if !heedsEdits { unsafe av_dict_set(&options, "ignore_editlist", "1", 0) }
    if head.index?.hasFragments == true {
      // Otherwise libavformat would seek in the other tracks, too, and each could lead to another fragment.
      unsafe av_dict_set(&options, "seek_streams_individually", "0", 0)
    }
    if head.index?.hasBareFragments == true {
      // There may be an index of the fragments at the end (mfra). Without it, libavformat reads all fragments one after another.
      unsafe av_dict_set(&options, "use_mfra_for", "pts", 0)
    }
    return unsafe options
  }

  /// Whether the header alone tells codec, size and duration, as in MP4 and Matroska. Probing the streams would cost more than all the rest
  /// of a cheap thumbnail.
  var headerIsEnough: Bool {
    guard unsafe format!.pointee.duration != cav_no_pts() || containerName.hasPrefix("mov") else { return false }
    guard containerName.hasPrefix("mov") || containerName.hasPrefix("matroska") else { return false }
    var videos = 0
    for index in streams {
      let candidate = unsafe stream(index)
      let parameters = unsafe candidate.pointee.codecpar!
      guard unsafe parameters.pointee.codec_type == AVMEDIA_TYPE_VIDEO else { continue }
      // A cover does not count: no header tells its size and duration.
      if unsafe candidate.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0 { continue }
      videos += 1
      let hasDuration = unsafe toldTicks(ofStream: index) != nil || format!.pointee.duration > 0
      guard unsafe parameters.pointee.codec_id != AV_CODEC_ID_NONE, unsafe parameters.pointee.width > 0,
        unsafe parameters.pointee.height > 0, hasDuration
      else { return false }
    }
    return videos > 0
  }

  /// Whether probing has found size and pixel format of every video track.
  var pictureIsKnown: Bool {
    var videos = 0
    for index in streams {
      let parameters = unsafe stream(index).pointee.codecpar!
      guard unsafe parameters.pointee.codec_type == AVMEDIA_TYPE_VIDEO else { continue }
      videos += 1
      guard unsafe parameters.pointee.width > 0, unsafe parameters.pointee.format >= 0 else { return false }
    }
    return videos > 0
  }

  /// Whether the file is an AVI of which each picture stands alone. Some programs mark none of these as a keyframe in the index.
  var isIntraOnlyAVI: Bool {
    guard containerName == "avi", let codec = unsafe avcodec_descriptor_get(parameters.pointee.codec_id) else { return false }
    return unsafe codec.pointee.props & AV_CODEC_PROP_INTRA_ONLY != 0
  }
}
