/// What to make of a video.
package enum DecodingTask: Sendable, Equatable {
  /// One picture, chosen or from an exact second, in all sizes and formats.
  case thumbnail
  /// Small pictures of the best moments, up to this number, for a person to choose from.
  case candidates(Int)
  /// Sheets of small pictures spread over the video, up to this number of pictures.
  case storyboard(Int)

  /// The most candidates that can be asked for.
  package static let mostCandidates = 12
  /// The most pictures that a storyboard can have, on all its sheets together.
  package static let mostTiles = 100

  /// Writes its name and, except for a thumbnail, its count. It is the first field of a ``DecodingJob``.
  package func write(to writer: inout MessageWriter) {
    switch self {
    case .thumbnail: writer.write(["thumbnail"])
    case .candidates(let count): writer.write(["candidates", "\(count)"])
    case .storyboard(let count): writer.write(["storyboard", "\(count)"])
    }
  }

  /// - Throws: `MalformedMessage` if the name is unknown, or the count is not from 1 to the task's maximum.
  package init(from reader: inout MessageReader) throws(MalformedMessage) {
    let words = try reader.texts(limit: 2)
    let count = words.count == 2 ? Int(words[1]) ?? 0 : 0
    switch words.first {
    case "thumbnail" where words.count == 1: self = .thumbnail
    case "candidates" where (1...Self.mostCandidates).contains(count): self = .candidates(count)
    case "storyboard" where (1...Self.mostTiles).contains(count): self = .storyboard(count)
    default: throw MalformedMessage("an unknown task")
    }
  }
}
