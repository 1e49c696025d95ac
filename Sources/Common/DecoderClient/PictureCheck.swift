internal import Decoding

/// What a decoder gives for pictures, one after the other: whether these are the ones that were asked for.
struct PictureCheck {
  private let options: ThumbnailOptions
  private var pictures: [EncodedPicture] = []

  init(_ options: ThumbnailOptions) {
    self.options = options
  }

  /// - Throws: `MalformedMessage`.
  mutating func add(_ picture: EncodedPicture) throws(MalformedMessage) {
    guard options.formats.contains(picture.format) else { throw MalformedMessage("a picture of another format") }
    guard pictures.count < options.formats.count * options.sizes.count else { throw MalformedMessage("a picture too many") }
    guard !pictures.contains(where: { $0.format == picture.format && ($0.width, $0.height) == (picture.width, picture.height) })
    else { throw MalformedMessage("a picture that came before") }
    guard picture.bytes.count <= 3 * picture.width * picture.height + Self.headBytes else {
      throw MalformedMessage("a picture of \(picture.bytes.count) bytes")
    }
    guard let size = PictureFile.size(of: picture.bytes, picture.format), size == (picture.width, picture.height) else {
      throw MalformedMessage("a picture that is no \(picture.format.rawValue) of its size")
    }
    pictures.append(picture)
  }

  /// What a file has beside its pixels, in bytes: more than any of ours.
  private static let headBytes = 4096

  /// The pictures, the main one first.
  ///
  /// - Parameter aspectRatio: the shape that was told.
  /// - Throws: `MalformedMessage`.
  func all(of aspectRatio: AspectRatio) throws(MalformedMessage) -> [EncodedPicture] {
    guard let main = pictures.first, main.format == options.mainFormat else { throw MalformedMessage("no main picture") }
    guard options.aspectRatio == nil || options.aspectRatio == aspectRatio else {
      throw MalformedMessage("a picture of another shape")
    }
    for (number, picture) in pictures.enumerated() {
      let target = aspectRatio.size(longerSide: number == 0 ? options.mainSide : options.largestSide)
      guard picture.width <= target.width, picture.height <= target.height else {
        throw MalformedMessage("a picture of \(picture.width) by \(picture.height) pixels")
      }
    }
    return pictures
  }
}
