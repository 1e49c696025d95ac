package import Deadlines
package import Decoding

/// Makes of a video what is asked for.
package struct PictureMaker {
  private let limits: MediaLimits
  private let options: ThumbnailOptions
  private let deadline: Deadline

  /// - Parameters:
  ///   - options: formats, sizes and shape; an exact second counts for a thumbnail only, other tasks use the main format and the largest side alone.
  ///   - deadline: looked at before each packet that is read to decode.
  package init(limits: MediaLimits, options: ThumbnailOptions, deadline: Deadline) {
    self.limits = limits
    self.options = options
    self.deadline = deadline
  }

  /// - Parameter progress: called between steps; what it throws ends the work.
  /// - Throws: `MediaError`, `DeadlineExceeded`, or what the source or `progress` threw.
  package func make(_ task: DecodingTask, from source: any ByteSource, progress: @escaping () throws -> Void) throws
    -> DecodingResult
  {
    switch task {
    case .thumbnail:
      let maker = ThumbnailMaker(limits: limits)
      return .thumbnail(try maker.make(from: source, options: options, deadline: deadline, progress: progress))
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
    file.wantedSide = options.largestSide
    return try file.onFirstReadableTrack(deadline: deadline) { decoder, track in try look(file, decoder, track) }
  }
}
