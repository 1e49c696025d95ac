internal import Decoding
internal import FastCGI
internal import FoundationEssentials

/// The JSON that is stored in `thumbnail_metadata` and printed by `render --json`.
struct ThumbnailMetadata: Encodable {
  let method: String
  let width, height: Int
  let format: String
  let bytes: Int
  /// The other sizes and formats; nil if there are none.
  let sizes: [Size]?
  let aspectRatio: String
  /// In Base64.
  let thumbHash: String
  /// As CSS writes it, `#rrggbb`.
  let dominantColor: String
  let timestampSeconds: Double
  let durationSeconds: Double?
  let score: Double?
  let candidates: Int
  let rejected: [String: Int]
  let degraded: Bool
  let note: String?
  let container, codec: String
  let sourceWidth, sourceHeight: Int
  let bytesFetched, packetBytes, requests: Int
  let stagesMs: [String: Double]
  let objectKey: String?

  /// Another picture of the same frame.
  struct Size: Encodable {
    let url: String
    let width, height: Int
    let format: String
    let bytes: Int

    init(_ picture: EncodedPicture, url: String) {
      self.url = url
      width = picture.width
      height = picture.height
      format = picture.format.rawValue
      bytes = picture.bytes.count
    }
  }

  init(
    _ product: Pipeline.Product<Thumbnail>, key: String?, sizes: [Size], makeMilliseconds: Double, uploadMilliseconds: Double?
  ) {
    let thumbnail = product.made
    method = thumbnail.isDegraded ? "keyframe-degraded" : "keyframe"
    let main = thumbnail.pictures[0]
    width = main.width
    height = main.height
    format = main.format.rawValue
    score = thumbnail.score.map(Self.rounded)
    bytes = main.bytes.count
    self.sizes = sizes.isEmpty ? nil : sizes
    aspectRatio = thumbnail.aspectRatio.rawValue
    thumbHash = Data(thumbnail.placeholder.thumbHash).base64EncodedString()
    let digits = String(thumbnail.placeholder.dominantColour, radix: 16)
    dominantColor = "#" + String(repeating: "0", count: 6 - digits.count) + digits
    timestampSeconds = Self.rounded(thumbnail.timestampSeconds)
    durationSeconds = thumbnail.durationSeconds.map(Self.rounded)
    candidates = thumbnail.candidates
    rejected = Dictionary(uniqueKeysWithValues: thumbnail.rejected.map { ($0.key.rawValue, $0.value) })
    degraded = thumbnail.isDegraded
    note = thumbnail.note
    container = thumbnail.container
    codec = thumbnail.codec
    sourceWidth = thumbnail.sourceWidth
    sourceHeight = thumbnail.sourceHeight
    bytesFetched = product.bytesFetched
    packetBytes = thumbnail.packetBytes
    requests = product.requests
    var stages = thumbnail.stageMilliseconds
    stages["make"] = makeMilliseconds
    stages["fetch"] = product.fetchMilliseconds
    stages["upload"] = uploadMilliseconds
    stagesMs = stages.mapValues(Self.rounded)
    objectKey = key
  }

  var json: String { String(decoding: ReplyJSON.encode(self), as: UTF8.self) }

  private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
