/// What holds of a decoder since the last seek or jump.
struct DecodingRun {
  /// The decoder gets no more packets.
  var isDraining = false
  /// A keyframe has been sent to the decoder.
  var isStarted = false
  /// A damaged picture came, and no keyframe since. Pictures that refer to it are damaged, too, without saying so.
  var isTainted = false
  /// The damage is wrong data, and not only a start without the pictures before it, as with gradual refresh.
  var isBroken = false
  /// No picture has come.
  var isFirst = true
  /// The first picture referred to others, which are missing.
  var isOrphaned = false
  /// Since the last picture, too.
  var packetsRead = 0
  /// When the next picture is shown, in ticks, if it does not tell; nil if the one before is not known, either.
  var nextTime: Int64?
  /// Pictures are lost, and what came since refers to them.
  var hasGap = false
  /// A search for a keyframe has ended without one, where each search goes on from any byte.
  var isBarren = false
  /// A keyframe has been sent since, and not come yet.
  var mayHeal = false
}
