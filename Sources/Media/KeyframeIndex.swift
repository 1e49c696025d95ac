internal import CLibAV

/// The keyframes in a container's index, with their sizes: a small keyframe shows next to nothing.
struct KeyframeIndex {
  /// A keyframe of the index.
  struct Entry {
    /// In units of the track's time base.
    let tick: Int64
    /// Its offset in the file.
    let place: Int64
    let bytes: Int
  }

  /// How much of the video an index covers.
  enum Extent {
    /// All of it: the header of an MP4 without fragments has the whole index.
    case whole
    /// From the beginning to where the file has been read.
    case beginning
    /// Parts of it: of a fragmented MP4, the index has the fragments that were read, such as the first and the last.
    case pieces
  }

  private let entries: [Entry]
  private let extent: Extent
  /// The median size of a keyframe, in bytes.
  private let median: Int
  /// The median distance of two keyframes, in ticks.
  private let interval: Int64

  /// How far from a place a larger keyframe may be to be taken instead, as a share of the duration.
  private static let reach = 0.03
  /// A keyframe below this share of the median size is examined last.
  private static let small = 0.25

  /// - Parameters:
  ///   - entries: ordered by time.
  ///   - extent: how much of the video the entries cover.
  init(_ entries: [Entry], _ extent: Extent) {
    self.entries = entries
    self.extent = extent
    median = entries.isEmpty ? 0 : entries.map(\.bytes).sorted()[entries.count / 2]
    let distances = zip(entries.dropFirst(), entries).map { $0.tick &- $1.tick }.sorted()
    interval = distances.isEmpty ? 1 : max(1, distances[distances.count / 2])
  }

  /// How many keyframes the index has.
  var count: Int { entries.count }

  /// The last keyframe before a place, or the first of all; nil if the index does not reach that far. It is not the next one, since the
  /// index has the time at which pictures are decoded, which is before they are shown.
  ///
  /// - Returns: the keyframe, and the tick at which a seek finds it.
  func last(before place: Int64) -> (entry: Entry, target: Int64)? {
    guard let last = entries.last, extent == .whole || (extent == .beginning && last.tick >= place) else { return nil }
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].tick < place { low = middle + 1 } else { high = middle }
    }
    let number = max(0, low - 1)
    return (entries[number], target(number))
  }

  /// The tick at which a seek finds a keyframe. A seek looks for a keyframe shown at or before a time, but the index has the time of
  /// decoding, which is earlier by the reordering delay. So the target is just before the next keyframe, but not beyond a gap in the index.
  private func target(_ number: Int) -> Int64 {
    let beyond = entries[number].tick &+ interval
    return (number + 1 < entries.count ? min(entries[number + 1].tick, beyond) : beyond) &- 1
  }

  /// The ticks of the largest keyframes, the largest first: they show what is to be seen in a video that is black elsewhere. Only keyframes
  /// of more than four times the median size count, so there are none if all are alike.
  ///
  /// - Parameter count: the most keyframes to return.
  func largest(_ count: Int) -> [Int64] {
    entries.indices.filter { Double(entries[$0].bytes) * Self.small > Double(median) }
      .sorted { entries[$0].bytes > entries[$1].bytes }.prefix(count).map(target)
  }

  /// The ticks at which to look for each of some places, ordered by how promising they are.
  ///
  /// - Parameters:
  ///   - places: ticks.
  ///   - duration: in ticks.
  func ordered(_ places: [Int64], duration: Double) -> [Int64] {
    let reach = Int64(exactly: (duration * Self.reach).rounded()) ?? 0
    var (large, small): ([Int64], [Int64]) = ([], [])
    for place in places {
      // The largest keyframe near the place. If there is none, the one that a seek would find tells the size, as far as the index reaches.
      // It only tells the size: the index may have gaps (of a fragmented file it has only the fragments that were read), so the container
      // does the seek.
      let found = entries.last.map { $0.tick >= place } == true ? entries.lastIndex { $0.tick <= place } : nil
      let near = entries.indices.filter { entries[$0].tick >= place &- reach && entries[$0].tick <= place &+ reach }
        .max { entries[$0].bytes < entries[$1].bytes }
      guard let best = near ?? found else {
        large.append(place)
        continue
      }
      let tick = near.map(target) ?? place
      if Double(entries[best].bytes) < Double(median) * Self.small { small.append(tick) } else { large.append(tick) }
    }
    return large + small
  }
}

extension KeyframeIndex {
  /// The entries that the container's index has so far.
  init(_ file: MediaFile) {
    let stream = unsafe file.stream
    let count = unsafe Int(avformat_index_get_entries_count(stream))
    let isUnmarked = file.isIntraOnlyAVI
    var entries: [Entry] = []
    for number in 0..<count {
      guard let entry = unsafe avformat_index_get_entry(stream, Int32(number)) else { continue }
      if unsafe (isUnmarked || entry.pointee.flags & AVINDEX_KEYFRAME != 0) && entry.pointee.size > 0 {
        unsafe entries.append(Entry(tick: entry.pointee.timestamp, place: entry.pointee.pos, bytes: Int(entry.pointee.size)))
      }
    }
    guard file.containerName.hasPrefix("mov") else {
      self.init(entries, .beginning)
      return
    }
    self.init(entries, unsafe stream.pointee.nb_frames > 0 ? .whole : .pieces)
  }
}
