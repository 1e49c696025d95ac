internal import CLibAV

extension MediaFile {
  /// Takes from a picture what H.264 and HEVC code of stereo and rotation. A keyframe tells it for the pictures after it.
  func lookAtSideData(of frame: borrowing Frame) {
    if let eyes = unsafe av_frame_get_side_data(frame.raw, AV_FRAME_DATA_STEREO3D) {
      facts.eyes = unsafe eyes.pointee.data.withMemoryRebound(to: AVStereo3D.self, capacity: 1) {
        unsafe EyePair($0.pointee.type)
      }
    }
    if let matrix = unsafe av_frame_get_side_data(frame.raw, AV_FRAME_DATA_DISPLAYMATRIX) {
      facts.orientation = unsafe Orientation(matrix.pointee.data, bytes: matrix.pointee.size)
    }
  }

  /// Takes from the container whether a picture is interlaced, if its codec cannot tell, or from its being coded as two. With PNG,
  /// libavcodec calls a picture so that appears gradually.
  func takeInterlacing(of frame: borrowing Frame) {
    let codec = unsafe parameters.pointee.codec_id
    guard Self.silentOnFields.contains(codec.rawValue) else { return }
    // BT is 14 in QuickTime and Matroska: the lines are interleaved and the first of them is the later one (Apple TN2162, as DV has it).
    // libavcodec's comments on TB and BT say the contrary, but its own programs write them so.
    let isBottomFirst = unsafe [AV_FIELD_BB, AV_FIELD_BT].contains(parameters.pointee.field_order)
    let isTold = unsafe isBottomFirst || [AV_FIELD_TT, AV_FIELD_TB].contains(parameters.pointee.field_order)
    if isTold || hasFieldPairs || codec == AV_CODEC_ID_PNG || codec == AV_CODEC_ID_APNG {
      unsafe cav_set_interlaced(frame.raw, isTold || hasFieldPairs, !isBottomFirst)
    }
  }

  /// Must be called before a packet of the selected track is decoded.
  func lookAtFields(of packet: borrowing Packet) {
    let codec = unsafe parameters.pointee.codec_id
    guard codec == AV_CODEC_ID_MJPEG || codec == AV_CODEC_ID_MJPEGB else { return }
    let bytes = packet.head(Self.headOfPicture)
    let told = unsafe (width: Int(parameters.pointee.width), height: Int(parameters.pointee.height))
    hasFieldPairs = FieldPair.isCoded(in: bytes, codec: codec, told: told)
    isShrunk = codec == AV_CODEC_ID_MJPEG && FieldPair.isShrunk(bytes, told: told)
  }

  /// What notices lost pictures of the selected track; nil if its codec does not number them.
  var frameNumbers: FrameNumbers? {
    guard unsafe parameters.pointee.codec_id == AV_CODEC_ID_H264 else { return nil }
    let header = unsafe UnsafeBufferPointer(start: parameters.pointee.extradata, count: Int(parameters.pointee.extradata_size))
    return unsafe FrameNumbers(header: Array(header))
  }

  /// How many bytes the head of a JPEG may have.
  private static let headOfPicture = 64 * 1024

  private static let silentOnFields = Set(
    [
      AV_CODEC_ID_MJPEG, AV_CODEC_ID_MJPEGB, AV_CODEC_ID_JPEG2000, AV_CODEC_ID_CFHD, AV_CODEC_ID_HUFFYUV, AV_CODEC_ID_FFVHUFF,
      AV_CODEC_ID_UTVIDEO, AV_CODEC_ID_MAGICYUV, AV_CODEC_ID_QTRLE, AV_CODEC_ID_R210, AV_CODEC_ID_R10K, AV_CODEC_ID_V308,
      AV_CODEC_ID_V408, AV_CODEC_ID_V410, AV_CODEC_ID_PNG, AV_CODEC_ID_APNG, AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1,
      AV_CODEC_ID_THEORA, AV_CODEC_ID_WMV1, AV_CODEC_ID_WMV2, AV_CODEC_ID_FLV1, AV_CODEC_ID_MSMPEG4V3, AV_CODEC_ID_DNXHD,
    ].map(\.rawValue))
}
