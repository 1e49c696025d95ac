internal import CLibAV
internal import Decoding

/// Places small pictures in rows on a large one.
enum TileSheet {
  /// - Parameter tiles: all `width` by `height` pixels, which are even numbers, in full range.
  static func frame(_ tiles: ArraySlice<TilePlanes>, width: Int, height: Int, columns: Int) throws(MediaError) -> Frame {
    let frame = try Frame()
    let raw = unsafe frame.raw
    unsafe raw.pointee.width = Int32(width * columns)
    unsafe raw.pointee.height = Int32(height * ((tiles.count + columns - 1) / columns))
    unsafe raw.pointee.format = AV_PIX_FMT_YUVJ420P.rawValue
    guard unsafe av_frame_get_buffer(raw, 0) == 0 else { throw MediaError.memory }
    let targets = unsafe [
      (raw.pointee.data.0!, Int(raw.pointee.linesize.0)), (raw.pointee.data.1!, Int(raw.pointee.linesize.1)),
      (raw.pointee.data.2!, Int(raw.pointee.linesize.2)),
    ]
    for plane in 0..<3 {
      let target = unsafe targets[plane]
      let divisor = plane == 0 ? 1 : 2
      let (w, h) = (width / divisor, height / divisor)
      // Black for the rest of the last row, if it is not full.
      for y in 0..<frame.height / divisor {
        unsafe (target.0 + y * target.1).update(repeating: plane == 0 ? 0 : 128, count: w * columns)
      }
      for (number, tile) in tiles.enumerated() {
        let corner = unsafe target.0 + number / columns * h * target.1 + number % columns * w
        let samples = tile.planes[plane]
        unsafe samples.withUnsafeBufferPointer { samples in
          for y in 0..<h { unsafe (corner + y * target.1).update(from: samples.baseAddress! + y * w, count: w) }
        }
      }
    }
    return frame
  }
}
