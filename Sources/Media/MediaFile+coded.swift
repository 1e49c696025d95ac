internal import CLibAV

extension MediaFile {
  /// Takes from a picture what H.264 and HEVC code of stereo and rotation. A keyframe tells it for the pictures after it.
  func lookAtSideData(of frame: borrowing Frame) {
    if let eyes = unsafe av_frame_get_side_data(frame.raw, AV_FRAME_DATA_STEREO3D) {
      codedEyes[streamIndex] = unsafe eyes.pointee.data.withMemoryRebound(to: AVStereo3D.self, capacity: 1) {
        unsafe EyePair($0.pointee.type)
      }
    }
    if let matrix = unsafe av_frame_get_side_data(frame.raw, AV_FRAME_DATA_DISPLAYMATRIX) {
      codedOrientations[streamIndex] = unsafe Orientation(matrix.pointee.data, bytes: matrix.pointee.size)
    }
  }
}
