internal import CLibAV
internal import Decoding

extension MediaFile {
  /// The most links to open.
  private static let mostLinks = 16

  /// The first link of a chain in Ogg (RFC 3533, 4), which knows the later ones; nil for other files, or if not every link has a video and
  /// tells how long it lasts. libavformat takes the links for one file, of a wrong duration or none, in which no time can be found.
  func firstLink() throws -> MediaFile? {
    let parts = FileParts(source: reader.source, container: containerName)
    guard let size = reader.source.size, try parts.areChain() else { return nil }
    var places: [Int64] = [0]
    while let last = places.last, let next = try parts.next(after: last) {
      if places.count == Self.mostLinks { return nil }
      places.append(next)
    }
    guard places.count > 1 else { return nil }
    var links: [MediaFile] = []
    var seconds = 0.0
    for (place, end) in zip(places, places.dropFirst() + [size]) {
      let source = ShiftedSource(reader.source, from: place, to: end)
      guard let link = try opened(source), let duration = link.durationSeconds else { return nil }
      link.chain.earlierSeconds = seconds
      // Sound may go on after the last picture.
      seconds += max(duration, unsafe Double(link.format!.pointee.duration) / Double(cav_time_base()))
      links.append(link)
    }
    for link in links { link.chain.totalSeconds = seconds }
    links[0].chain.later = Array(links.dropFirst())
    return links[0]
  }

  private func opened(_ link: ShiftedSource) throws -> MediaFile? {
    do {
      return try MediaFile(link, limits: limits, deadline: reader.deadline)
    } catch is MediaError {
      return nil
    }
  }
}
