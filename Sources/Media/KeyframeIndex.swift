internal import CLibAV

/// The keyframes a container's index lists, with their sizes: what next to nothing is shown in is small.
struct KeyframeIndex {
  /// A keyframe of the index.
  struct Entry {
    /// In units of the track's time base.
    let tick: Int64
    /// Where it lies in the file.
    let place: Int64
    let bytes: Int
  }

  /// How much of the video an index covers.
  enum Extent {
    /// All of it: that of an MP4 without fragments is in the header.
    case whole
    /// From the beginning as far as it has been read.
    case beginning
    /// With holes: of a fragmented MP4 the fragments that have been read, the first and the last.
    case pieces
  }

  private let entries: [Entry]
  private let extent: Extent
  /// The usual size of a keyframe, in bytes.
  private let median: Int
  /// The usual distance of two keyframes, in ticks.
  private let interval: Int64

  /// How far from a place in the video a larger keyframe is taken instead, as a share of the duration.
  private static let reach = 0.03
  /// Below this share of the median size a keyframe is looked at last.
  private static let small = 0.25

  /// - Parameters:
  ///   - entries: by time.
  ///   - extent: how much of the video they cover.
  init(_ entries: [Entry], _ extent: Extent) {
    self.entries = entries
    self.extent = extent
    median = entries.isEmpty ? 0 : entries.map(\.bytes).sorted()[entries.count / 2]
    let distances = zip(entries.dropFirst(), entries).map { $0.tick &- $1.tick }.sorted()
    interval = distances.isEmpty ? 1 : max(1, distances[distances.count / 2])
  }

  /// Keyframes it lists.
  var count: Int { entries.count }

  /// The last keyframe before a place, or the first of all, where the index reaches that far; nil elsewhere. Not the next one: the index tells
  /// when pictures are decoded, which is earlier than they are shown.
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

  /// Where a seek finds a keyframe: it looks for one shown at or before a time, and that of the index is earlier by as much as pictures wait
  /// for others. Just before the next keyframe, then, but not beyond a hole.
  private func target(_ number: Int) -> Int64 {
    let beyond = entries[number].tick &+ interval
    return (number + 1 < entries.count ? min(entries[number + 1].tick, beyond) : beyond) &- 1
  }

  /// The ticks of the largest keyframes, the largest first: what is to be seen in a video that is black elsewhere. None where all are alike.
  ///
  /// - Parameter count: how many at most.
  func largest(_ count: Int) -> [Int64] {
    entries.indices.filter { Double(entries[$0].bytes) * Self.small > Double(median) }
      .sorted { entries[$0].bytes > entries[$1].bytes }.prefix(count).map(target)
  }

  /// The ticks at which to look for each of some places, in the order in which they are worth it.
  ///
  /// - Parameters:
  ///   - places: ticks.
  ///   - duration: in ticks.
  func ordered(_ places: [Int64], duration: Double) -> [Int64] {
    let reach = Int64(exactly: (duration * Self.reach).rounded()) ?? 0
    var (large, small): ([Int64], [Int64]) = ([], [])
    for place in places {
      // The largest one about as far from the beginning. Else what a seek would find, where the index reaches that far; the seek itself is
      // left to the container, for the index may have holes: of a fragmented file it lists the fragments that have been read.
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
  /// What the container's index has read so far.
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
