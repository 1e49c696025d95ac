package import Deadlines
package import Decoding

/// Does a decoding task: a thumbnail, candidates or a storyboard. It does not use the network.
package struct PictureMaker {
  private var limits: MediaLimits
  private let options: ThumbnailOptions
  private let deadline: Deadline

  /// The time of the search (``MediaLimits/searchSeconds``) begins now.
  ///
  /// - Parameters:
  ///   - options: formats, sizes and shape. Only a thumbnail uses the exact second; other tasks use only the main format and the largest
  ///     side.
  ///   - deadline: checked before each packet that is read for decoding.
  package init(limits: MediaLimits, options: ThumbnailOptions, deadline: Deadline) {
    self.limits = limits
    self.limits.searchEnd = ProcessorSeconds.now + Double(limits.searchSeconds)
    self.limits.wantedSide = options.largestSide
    self.options = options
    self.deadline = deadline
  }

  /// Returns FFmpeg's log lines about the last file, and forgets them.
  package static func takeLibraryLog() -> [String] { LibraryLog.take() }

  /// - Parameter progress: called between steps; if it throws, the work ends with that error.
  /// - Throws: `MediaError`, `DeadlineExceeded`, or what the source or `progress` threw.
  package func make(_ task: DecodingTask, from source: any ByteSource, progress: @escaping () throws -> Void) throws
    -> DecodingResult
  {
    switch task {
    case .thumbnail:
      let maker = ThumbnailMaker(limits: limits, options: options, deadline: deadline, progress: progress)
      return .thumbnail(try maker.make(from: source))
    case .candidates(let count):
      return .moments(
        try survey(source) { file, decoder, _ in
          try CandidateList(file: file, decoder: decoder, tiles: TileRenderer(file: file, options: options), progress: progress)
            .best(count)
        })
    case .storyboard(let count):
      return .moments(
        try survey(source) { file, decoder, track in
          try Storyboard(file: file, decoder: decoder, tiles: TileRenderer(file: file, options: options), progress: progress)
            .make(atMost: count, of: track)
        })
    }
  }

  private func survey(_ source: any ByteSource, _ look: (MediaFile, KeyframeDecoder, VideoTrack) throws -> Moments) throws
    -> Moments
  {
    let file = try MediaFile.opening(source, limits: limits, deadline: deadline)
    return try file.onFirstReadableTrack(deadline: deadline) { decoder, track in try look(file, decoder, track) }
  }
}
