internal import Decoding

/// What is read of the head of a file before FFmpeg's libraries see it: where the index is, and what they do not hand on.
struct FileHead {
  /// Of an ISO base media file.
  let index: IndexLocation?
  let isMotionJPEG: Bool
  private let movie: MovieTracks?
  private let matroska: MatroskaTracks?

  init(of source: any ByteSource) throws {
    let found = try IndexLocation.find(in: source)
    if let found { source.expect(found.range) }
    movie = try found.map { try MovieTracks(in: source, index: $0.range) }
    index = movie?.tellsFragments == true ? try found?.withFragments(in: source) : found
    isMotionJPEG = try index == nil && MotionJPEG.begins(in: source)
    matroska = index == nil ? try MatroskaTracks(in: source) : nil
  }

  /// Tracks of every kind; nil where that is not told.
  var trackCount: Int? { movie?.count ?? matroska?.count }

  /// Where the clusters of a Matroska file begin.
  var firstCluster: Int64? { matroska?.firstCluster }

  /// When the last fragment of an ISO base media file ends, in seconds, as its index tells.
  var endOfFragments: Double? { movie?.endSeconds }

  /// A stretch of a video that nobody has to read.
  var skipped: Range<Int64>? { matroska.flatMap { $0.videos.isEmpty ? nil : $0.attachments } }

  /// When the first cluster begins, in seconds, and whether what the file tells as its duration counts from 0 all the same.
  var beginsSeconds: Double? { matroska?.firstSeconds }
  var tellsEnd: Bool { matroska?.isByLavf ?? false }

  /// - Parameters:
  ///   - id: the number of the track in an ISO base media file.
  ///   - order: its place among the video tracks.
  func hint(id: Int, order: Int) -> TrackHint {
    if let matroska { return matroska.videos.indices.contains(order) ? matroska.videos[order] : TrackHint() }
    return movie?.hints[id] ?? TrackHint()
  }
}
