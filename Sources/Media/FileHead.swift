internal import Decoding

/// What is read from the head of a file before FFmpeg's libraries open it: where the index is, and what the libraries do not pass on.
struct FileHead {
  /// The index of an ISO base media file.
  let index: IndexLocation?
  let isMotionJPEG: Bool
  /// What to change in the file before libavformat reads it.
  let changes: [(place: Int64, bytes: [UInt8])]
  private let movie: MovieTracks?
  private let matroska: MatroskaTracks?

  init(of source: any ByteSource) throws {
    let found = try IndexLocation.find(in: source)
    if let found { source.expect(found.range) }
    movie = try found.map { try MovieTracks(in: source, index: $0.range) }
    index = movie?.tellsFragments == true ? try found?.withFragments(in: source) : found
    let listed = index?.hasBareFragments == true ? movie?.firstVideo : nil
    isMotionJPEG = try index == nil && MotionJPEG.begins(in: source)
    matroska = index == nil ? try MatroskaTracks(in: source) : nil
    changes =
      try (listed.map { try FragmentLists.changes(keeping: $0, in: source) } ?? matroska?.changes ?? [])
      + (index?.listsOfLists ?? []).map { ($0 + 4, Array("free".utf8)) }
  }

  /// The number of tracks of every kind; nil if it is not known.
  var trackCount: Int? { movie?.count ?? matroska?.count }

  /// The offset of the first cluster of a Matroska file.
  var firstCluster: Int64? { matroska?.firstCluster }

  /// The sample descriptions of each track of an ISO base media file that has several codecs.
  var descriptions: [SampleDescriptions] { movie?.descriptions ?? [] }

  /// When the last fragment of an ISO base media file ends, in seconds, as its header tells.
  var endOfFragments: Double? { movie?.endSeconds }

  /// A range of a video that need not be read: large attachments.
  var skipped: Range<Int64>? { matroska.flatMap { $0.videos.isEmpty ? nil : $0.attachments } }

  /// When the first cluster of a Matroska file begins, in seconds.
  var beginsSeconds: Double? { matroska?.firstSeconds }
  /// Whether the duration in the file counts from 0 instead, and so is the time at which the video ends.
  var tellsEnd: Bool { matroska?.isByLavf ?? false }

  /// - Parameters:
  ///   - id: the number of the track in an ISO base media file.
  ///   - order: its place among the video tracks.
  func hint(id: Int, order: Int) -> TrackHint {
    if let matroska { return matroska.videos.indices.contains(order) ? matroska.videos[order] : TrackHint() }
    return movie?.hints[id] ?? TrackHint()
  }
}
