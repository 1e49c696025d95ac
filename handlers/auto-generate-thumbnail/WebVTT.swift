internal import Decoding

/// The list of a storyboard's pictures for video players: WebVTT whose cues name parts of sheets (Media Fragments URI, 4.2.2).
struct WebVTT {
  private let moments: Moments
  private let sheets: [String]

  /// - Parameter sheets: the file names of the sheets, which lie beside the list.
  init(_ moments: Moments, sheets: [String]) {
    self.moments = moments
    self.sheets = sheets
  }

  /// Each picture covers the time from half-way to the previous moment to half-way to the next one.
  var text: String {
    let seconds = moments.moments.map(\.seconds)
    let bounds = [0] + zip(seconds, seconds.dropFirst()).map { ($0 + $1) / 2 } + [end]
    let onSheet = moments.columns * moments.rows
    return "WEBVTT\n"
      + seconds.indices.map { number in
        let place = number % onSheet
        let x = place % moments.columns * moments.width
        let y = place / moments.columns * moments.height
        return """

          \(Self.time(bounds[number])) --> \(Self.time(bounds[number + 1]))
          \(sheets[number / onSheet])#xywh=\(x),\(y),\(moments.width),\(moments.height)

          """
      }.joined()
  }

  private var end: Double { max(moments.durationSeconds ?? 0, (moments.moments.last?.seconds ?? 0) + 0.001) }

  private static func time(_ seconds: Double) -> String {
    let milliseconds = Int((seconds * 1000).rounded())
    func padded(_ number: Int, _ digits: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
    let (hours, minutes) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60)
    return "\(padded(hours, 2)):\(padded(minutes, 2)):\(padded(milliseconds / 1000 % 60, 2)).\(padded(milliseconds % 1000, 3))"
  }
}
