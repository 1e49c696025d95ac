internal import Decoding

/// Checks that the pictures from a decoder are those that were asked for.
struct PictureCheck {
  private let options: ThumbnailOptions
  private let task: DecodingTask
  private var pictures: [EncodedPicture] = []
  /// How many pixels the remaining pictures may have together: all stay in this process's memory until the last one has come.
  private var pixelsLeft: Int

  init(_ job: DecodingJob) {
    options = job.options
    task = job.task
    let largest = job.options.largestSide * job.options.largestSide
    pixelsLeft =
      switch job.task {
      case .thumbnail: job.options.formats.count * job.options.sizes.reduce(0) { $0 + $1 * $1 }
      case .candidates(let count): count * largest
      // The last sheet may have a row with a single picture.
      case .storyboard(let count): (count + Moments.mostColumns) * largest
      }
  }

  private var mostPictures: Int {
    switch task {
    case .thumbnail: options.formats.count * options.sizes.count
    case .candidates(let count), .storyboard(let count): count
    }
  }

  mutating func add(_ picture: EncodedPicture) throws(MalformedMessage) {
    guard options.formats.contains(picture.format) else { throw MalformedMessage("a picture of another format") }
    guard pictures.count < mostPictures else { throw MalformedMessage("a picture too many") }
    pixelsLeft -= picture.width * picture.height
    guard pixelsLeft >= 0 else { throw MalformedMessage("pictures larger than those asked for") }
    guard picture.bytes.count <= 3 * picture.width * picture.height + Self.headBytes else {
      throw MalformedMessage("a picture of \(picture.bytes.count) bytes")
    }
    guard let size = PictureFile.size(of: picture.bytes, picture.format), size == (picture.width, picture.height) else {
      throw MalformedMessage("a picture that is no \(picture.format.rawValue) of its size")
    }
    pictures.append(picture)
  }

  /// The size of a file apart from its pixels, in bytes: more than any of ours has.
  private static let headBytes = 4096

  /// Adds the pictures to the thumbnail, the main one first.
  func complete(_ thumbnail: Thumbnail) throws(MalformedMessage) -> Thumbnail {
    guard task == .thumbnail else { throw MalformedMessage("a thumbnail where something else was due") }
    guard let main = pictures.first, main.format == options.mainFormat else { throw MalformedMessage("no main picture") }
    guard options.aspectRatio == nil || options.aspectRatio == thumbnail.aspectRatio else {
      throw MalformedMessage("a picture of another shape")
    }
    for (number, picture) in pictures.enumerated() {
      let target = thumbnail.aspectRatio.size(longerSide: number == 0 ? options.mainSide : options.largestSide)
      guard picture.width <= target.width, picture.height <= target.height else {
        throw MalformedMessage("a picture of \(picture.width) by \(picture.height) pixels")
      }
      guard
        !pictures[..<number].contains(where: {
          $0.format == picture.format && $0.longerSide == picture.longerSide
        })
      else { throw MalformedMessage("a picture that came before") }
    }
    var thumbnail = thumbnail
    thumbnail.pictures = pictures
    return thumbnail
  }

  /// Adds the pictures to the moments.
  func complete(_ moments: Moments) throws(MalformedMessage) -> Moments {
    let onSheet = moments.columns * moments.rows
    let isExpected =
      switch task {
      case .thumbnail: false
      // Each has a picture, and there are not too many of these.
      case .candidates: onSheet == 1
      case .storyboard(let count): moments.moments.count <= count
      }
    guard isExpected, max(moments.width, moments.height) <= options.largestSide else {
      throw MalformedMessage("moments nobody asked for")
    }
    guard pictures.count == (moments.moments.count + onSheet - 1) / onSheet else {
      throw MalformedMessage("\(pictures.count) pictures of \(moments.moments.count) moments")
    }
    for (number, picture) in pictures.enumerated() {
      // The last sheet may have fewer rows.
      let rows = min(moments.rows, (moments.moments.count - number * onSheet + moments.columns - 1) / moments.columns)
      guard picture.width == moments.width * moments.columns, picture.height == moments.height * rows else {
        throw MalformedMessage("a sheet of \(picture.width) by \(picture.height) pixels")
      }
    }
    var moments = moments
    moments.pictures = pictures
    return moments
  }
}
