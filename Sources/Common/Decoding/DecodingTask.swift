/// What is to be made of a video.
package enum DecodingTask: Sendable, Equatable {
  /// One picture, chosen or of an exact second, in all sizes and formats.
  case thumbnail
  /// Small pictures of the best so many seconds, for a person to choose from.
  case candidates(Int)
  /// Sheets of small pictures spread over the video, at most so many.
  case storyboard(Int)

  /// Candidates that can be asked for, at most.
  package static let mostCandidates = 12
  /// Pictures a storyboard can have, at most, on all of its sheets together.
  package static let mostTiles = 100

  /// Writes its name and, but for a thumbnail, its count: the first field of a ``DecodingJob``.
  package func write(to writer: inout MessageWriter) {
    switch self {
    case .thumbnail: writer.write(["thumbnail"])
    case .candidates(let count): writer.write(["candidates", "\(count)"])
    case .storyboard(let count): writer.write(["storyboard", "\(count)"])
    }
  }

  /// - Throws: `MalformedMessage` where the name is unknown, or the count not from 1 to the most of its task.
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
