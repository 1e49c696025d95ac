internal import CLibAV

/// Recognises pictures of MJPEG that are coded as two JPEGs, one for each field, as capture cards and QuickTime's MJPEG-A and -B have them.
/// libavcodec weaves the fields and does not tell.
enum FieldPair {
  /// Where MJPEG-B tells how far away the second field is; 0 if there is none (QuickTime File Format, Motion-JPEG).
  private static let second = 16..<20

  /// Whether a packet is such a picture.
  ///
  /// - Parameter told: the size of the whole picture, as the container tells it.
  static func isCoded(in packet: [UInt8], codec: AVCodecID, told: (width: Int, height: Int)) -> Bool {
    switch codec {
    case AV_CODEC_ID_MJPEG:
      return size(of: packet).map { 4 * $0.height < 3 * told.height && 4 * $0.width >= 3 * told.width } ?? false
    case AV_CODEC_ID_MJPEGB: return packet.count >= second.upperBound && packet.bigEndian(second) > 0
    default: return false
    }
  }

  /// Whether a packet of MJPEG is smaller in both directions, as after a change of size. libavcodec would take it for a field.
  static func isShrunk(_ packet: [UInt8], told: (width: Int, height: Int)) -> Bool {
    size(of: packet).map { 4 * $0.height < 3 * told.height && 4 * $0.width < 3 * told.width } ?? false
  }

  /// The size that a JPEG tells (ITU-T T.81, B.2.2); nil if it is not found.
  private static func size(of picture: [UInt8]) -> (width: Int, height: Int)? {
    var place = 2
    while place + 9 <= picture.count, picture[place] == 0xff {
      let marker = picture[place + 1]
      // Between 0xc0 and 0xcf there are also tables.
      if (0xc0...0xcf).contains(marker), ![0xc4, 0xc8, 0xcc].contains(marker) {
        return (Int(picture.bigEndian(place + 7..<place + 9)), Int(picture.bigEndian(place + 5..<place + 7)))
      }
      place += marker == 0xff ? 1 : 2 + Int(picture.bigEndian(place + 2..<place + 4))
    }
    return nil
  }
}
