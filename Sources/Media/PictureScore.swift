/// Ranks pictures. Those that passed the gates score from 0 to 1; others may be below 0, the emptiest lowest.
///
/// hecate found that people click thumbnails with texture and sharpness. Edge energy and the distance to the mean histogram (as in FFmpeg's
/// `thumbnail` filter) add to that; exposure and saturation break ties. Each part saturates, so that noise does not win by its edges alone.
enum PictureScore {
  /// From this score on, a picture is good enough to end the search: each further candidate costs a remote read.
  static let clearlyGood = 0.62

  static func value(of picture: PictureStatistics) -> Double {
    let sharpness = min(1, picture.sharpness / 0.10)
    let contrast = min(1, picture.variance.squareRoot() / 56)
    let exposure = max(0, 1 - abs(picture.mean - 0.45) / 0.45)
    let detail = min(1, max(0, (picture.entropy - 0.4) / 0.5))
    let colour = min(1, picture.saturation / 0.2)
    // Text on one colour is sharp and rich in contrast, with most pixels in a few bins.
    let card = max(0, picture.fullestBins - 0.5) * 0.9
    return 0.25 * sharpness + 0.2 * contrast + 0.2 * exposure + 0.25 * detail + 0.1 * colour - card
  }

  /// Half the sum of the differences of two histograms, 0 (alike) to 1.
  static func distance(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
  }
}
