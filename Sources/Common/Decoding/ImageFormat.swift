/// What the thumbnail is encoded as: `THUMBNAIL_FORMAT`. How, Media says.
package enum ImageFormat: String, Sendable, CaseIterable {
  case jpeg, webp

  package var contentType: String { "image/\(rawValue)" }
  package var fileExtension: String { self == .jpeg ? "jpg" : "webp" }
}
