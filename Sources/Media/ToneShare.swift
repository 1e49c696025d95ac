internal import CLibAV

/// How much of a picture has about one colour.
enum ToneShare {
  /// How far from the mean a level of luma and of chroma may be and count as the same tone.
  private static let distance = (luma: 36, chroma: 10)

  /// Share of the pixels next to the mean colour, 0 to 1.
  ///
  /// - Parameter frame: `yuvj444p`.
  static func value(of frame: borrowing Frame) -> Double {
    let raw = unsafe frame.raw.pointee
    func row(_ y: Int) -> (UnsafePointer<UInt8>, UnsafePointer<UInt8>, UnsafePointer<UInt8>) {
      unsafe (
        UnsafePointer(raw.data.0! + y * Int(raw.linesize.0)), UnsafePointer(raw.data.1! + y * Int(raw.linesize.1)),
        UnsafePointer(raw.data.2! + y * Int(raw.linesize.2))
      )
    }
    let (width, height) = (frame.width, frame.height)
    let count = max(width * height, 1)
    var sums = (0, 0, 0)
    for y in 0..<height {
      let planes = unsafe row(y)
      for x in 0..<width {
        sums.0 += unsafe Int(planes.0[x])
        sums.1 += unsafe Int(planes.1[x])
        sums.2 += unsafe Int(planes.2[x])
      }
    }
    let mean = (sums.0 / count, sums.1 / count, sums.2 / count)
    var near = 0
    for y in 0..<height {
      let planes = unsafe row(y)
      for x in 0..<width
      where unsafe abs(Int(planes.0[x]) - mean.0) <= distance.luma && abs(Int(planes.1[x]) - mean.1) <= distance.chroma
        && abs(Int(planes.2[x]) - mean.2) <= distance.chroma
      {
        near += 1
      }
    }
    return Double(near) / Double(count)
  }
}
