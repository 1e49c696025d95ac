/// What is kept of one stream of a file, since libavformat and decoders replace their own values while samples are read.
struct StreamFacts {
  /// The colours as the container tells them.
  var colours: ToldColours?
  /// How the coded pictures hold two eyes; nil as long as none tells it.
  var eyes: EyePair?
  /// How the coded pictures are turned; nil as long as none tells it.
  var orientation: Orientation?
  /// When the file begins, in seconds, if this stream is selected; nil before its first selection.
  var start: Double?
  /// How much later than the file the stream begins, in seconds.
  var lateSeconds = 0.0
}
