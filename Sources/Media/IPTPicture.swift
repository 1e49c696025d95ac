internal import CLibAV
internal import Decoding
internal import Glibc

/// Converts the colours of Dolby Vision's profile 5: intensity and two differences (IPT) of cone responses, coded by the curve of SMPTE ST
/// 2084.
///
/// A Dolby Vision decoder would first reshape each picture by its metadata. That is left out here: greys stay grey, other colours are
/// approximate.
enum IPTPicture {
  /// Reference white in cd/m², which is mapped to 1 (ITU-R BT.2408).
  private static let white = 203.0
  /// From intensity and differences to the three coded responses, by column.
  private static let toResponses = columns([[1, 0.0975, 0.2052], [1, -0.1139, 0.1332], [1, 0.0326, -0.6769]])
  /// From responses to red, green and blue of BT.2020, by column. It first removes the crosstalk: two hundredths of each response are in
  /// the others.
  private static let toPrimaries: [SIMD3<Double>] = {
    let cones = [[3.06442, -2.16598, 0.10156], [-0.65612, 1.78554, -0.12944], [0.01736, -0.04725, 1.03004]]
    let (own, other) = (0.98 / 0.94, -0.02 / 0.94)
    return columns(
      cones.map { row in (0..<3).map { column in (0..<3).reduce(0) { $0 + row[$1] * ($1 == column ? own : other) } } })
  }()

  /// In bytes. With AVX-512, zimg reads planes of floating-point numbers in steps of 64 bytes and crashes on others. libavutil's default
  /// gives every second plane only 32, and the libavfilter of FFmpeg 8 does not align further.
  private static let alignment: Int32 = 64

  private static func columns(_ rows: [[Double]]) -> [SIMD3<Double>] {
    (0..<3).map { column in SIMD3(rows[0][column], rows[1][column], rows[2][column]) }
  }

  /// - Parameter frame: `yuv444p12le`.
  /// - Returns: linear light of BT.2020 in `gbrpf32le`.
  static func light(of frame: borrowing Frame) throws(MediaError) -> Frame {
    let result = try Frame()
    unsafe result.raw.pointee.format = AV_PIX_FMT_GBRPF32LE.rawValue
    unsafe result.raw.pointee.width = frame.raw.pointee.width
    unsafe result.raw.pointee.height = frame.raw.pointee.height
    guard unsafe av_frame_get_buffer(result.raw, Self.alignment) == 0 else { throw MediaError.memory }
    unsafe result.raw.pointee.colorspace = AVCOL_SPC_RGB
    unsafe result.raw.pointee.color_range = AVCOL_RANGE_JPEG
    let isFull = unsafe frame.raw.pointee.color_range == AVCOL_RANGE_JPEG
    let (black, steps, chroma) = isFull ? (0.0, 4095.0, 4095.0) : (256.0, 3504.0, 3584.0)
    let curve = (0...4095).map { linear(Double($0) / 4095) / white }
    let (responses, primaries) = (toResponses, toPrimaries)
    let (source, target) = unsafe (frame.raw.pointee, result.raw.pointee)
    for y in 0..<frame.height {
      let planes = unsafe [
        (source.data.0, source.linesize.0), (source.data.1, source.linesize.1), (source.data.2, source.linesize.2),
      ]
      .map { unsafe UnsafeRawPointer($0.0! + y * Int($0.1)).assumingMemoryBound(to: UInt16.self) }
      let rows = unsafe [
        (target.data.2, target.linesize.2), (target.data.0, target.linesize.0), (target.data.1, target.linesize.1),
      ]
      .map { unsafe UnsafeMutableRawPointer($0.0! + y * Int($0.1)).assumingMemoryBound(to: Float.self) }
      for x in 0..<frame.width {
        let intensity = unsafe (Double(planes[0][x]) - black) / steps
        let first = unsafe (Double(planes[1][x]) - 2048) / chroma
        let second = unsafe (Double(planes[2][x]) - 2048) / chroma
        let coded = responses[0] * intensity + responses[1] * first + responses[2] * second
        let index = (coded.clamped(lowerBound: .zero, upperBound: .one) * 4095).rounded(.toNearestOrAwayFromZero)
        let light = primaries[0] * curve[Int(index.x)] + primaries[1] * curve[Int(index.y)] + primaries[2] * curve[Int(index.z)]
        for channel in 0..<3 { unsafe rows[channel][x] = Float(max(0, light[channel])) }
      }
    }
    return result
  }

  /// cd/m² of a coded value (SMPTE ST 2084).
  private static func linear(_ value: Double) -> Double {
    let root = pow(value, 1 / 78.84375)
    return 10_000 * pow(max(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root), 1 / 0.1593017578125)
  }
}
