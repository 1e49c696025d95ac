internal import Decoding

/// How much a search may cost.
extension KeyframeDecoder {
  var isOutOfTime: Bool { ProcessorSeconds.now >= file.limits.searchEnd }

  /// Whether a way to a later picture had to end early.
  var isCutShort: Bool { isOutOfTime || isUsedUp }

  /// What of its source has been read since this decoder was made, whatever it was: what lies between the packets costs as much.
  var bytesRead: Int { file.reader.bytesRead - bytesBefore + bytesElsewhere }

  /// Whether a search for a good picture may read more of the video. If nothing has come of a track after half the bytes, the rest is for
  /// another track, or to find out why.
  var mayReadOn: Bool { bytesRead < file.limits.searchBytes / (packetBytes == 0 ? 2 : 1) && !isOutOfTime }
}
