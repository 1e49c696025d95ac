internal import CLibAV

/// The samples of a small picture in 4:2:0: luma, then the two planes of chroma, without gaps between rows.
struct TilePlanes {
  let planes: [[UInt8]]

  init(_ frame: borrowing Frame) {
    let raw = unsafe frame.raw.pointee
    let sources = unsafe [(raw.data.0, raw.linesize.0), (raw.data.1, raw.linesize.1), (raw.data.2, raw.linesize.2)]
    planes = unsafe sources.enumerated().map { number, source in
      let (width, height) = number == 0 ? (frame.width, frame.height) : (frame.width / 2, frame.height / 2)
      var samples: [UInt8] = []
      samples.reserveCapacity(width * height)
      for y in 0..<height {
        unsafe samples.append(contentsOf: UnsafeBufferPointer(start: source.0! + y * Int(source.1), count: width))
      }
      return samples
    }
  }
}
