internal import Deadlines
internal import Decoding
internal import Transfer
internal import Uploads

/// Puts an object, reads it, fetches it from outside and deletes it, to see whether the store does what thumbnails need.
struct StorageProbe {
  private let store: any ObjectStore
  private let client: any HTTPTransport
  private let format: ImageFormat
  private let stem = "\(ObjectKey.prefix)check/probe-\(UInt64.random(in: .min ... .max))"
  private var key: String { "\(stem).\(format.fileExtension)" }

  private let bytes: [UInt8]
  /// Of one step: a public URL that does not answer must not leave the probe in the store.
  private var deadline: Deadline { .after(seconds: 30) }

  /// - Parameters:
  ///   - format: gives the object its suffix and its content type; some web servers go by one, some by the other.
  ///   - picture: the bytes, since some fronts serve only what they can read as a picture; nil if the decoder made none.
  init(store: any ObjectStore, client: any HTTPTransport, format: ImageFormat, picture: [UInt8]?) {
    self.format = format
    bytes = picture ?? Array("probe of auto-generate-thumbnail --check\n".utf8)
    self.store = store
    self.client = client
  }

  func put() throws {
    try store.put(bytes, key: key, contentType: format.contentType, deadline: deadline)
  }

  func read() throws -> String {
    guard try store.get(key, deadline: deadline) == bytes else {
      throw StorageError("the probe object came back different")
    }
    return store.summary
  }

  /// Without listing, the objects that a worker left behind and the other sizes of a replaced picture cannot be found.
  func list() throws -> String {
    // The other sizes are found in the same way, by the beginning of their names.
    guard try store.list(prefix: stem, after: "", limit: 1, deadline: deadline).entries.map(\.key) == [key]
    else {
      throw StorageError("the store does not list the probe object, which is there: what is left behind cannot be found")
    }
    guard try store.list(prefix: stem, after: key, limit: 1, deadline: deadline).entries.isEmpty else {
      throw StorageError(
        "the store does not heed where a listing is to begin (start-after): what is left behind may not be found")
    }
    return "what is left behind can be found"
  }

  /// Checks that no lifecycle rule deletes pictures, which rows name for good.
  func checkExpiry() throws -> String {
    if let end = try store.expiry(of: key, deadline: deadline) {
      throw StorageError(
        "a lifecycle rule of the bucket deletes pictures (this one on \(end)): let it spare \(ObjectKey.prefix)")
    }
    return "the store names no day on which it deletes pictures"
  }

  /// - Returns: false if the store keeps the deleted object as an older version.
  func delete() throws -> Bool { try store.delete(key, deadline: deadline) }

  /// Fetches the probe's public URL as any visitor would, whose browser follows redirects.
  ///
  /// - Throws: `StorageError` with a sentence that says what visitors see instead of the probe.
  func lookFromOutside() throws -> String {
    var url = store.publicURL(key)
    var response = try fetch(url)
    for _ in 1...3 {
      guard (300..<400).contains(response.status), let location = response.headers["location"],
        let target = try? SourceURL(url).redirect(to: location)
      else { break }
      url = target.text
      response = try fetch(url)
    }
    let type = response.headers["content-type"] ?? "no type"
    let place = Self.withoutQuery(url)
    guard response.status == 200 else {
      throw StorageError("\(place) answers \(response.status): thumbnails are not served to the public there")
    }
    guard response.body == bytes else { throw StorageError("\(place) answers something else than the probe, as \(type)") }
    guard type.lowercased().hasPrefix(format.contentType) else {
      throw StorageError("\(place) is served as \(type), not as \(format.contentType)")
    }
    let readers =
      switch (response.headers["cross-origin-resource-policy"], response.headers["access-control-allow-origin"]) {
      case (let policy?, _) where ["same-origin", "same-site"].contains(policy):
        "but browsers show it on pages of the \(policy == "same-site" ? "same site" : "same host") only (Cross-Origin-Resource-Policy)"
      case (_, "*"): "to everybody"
      case (_, let origin?): "to everybody; pages of \(origin) may read it, too"
      case (_, nil): "to everybody; without Access-Control-Allow-Origin, so that other hosts' pages may show it, not read it"
      }
    return "served as \(type), \(readers)"
  }

  /// A redirect may lead to a signed URL, which is as good as a key for a while.
  private static func withoutQuery(_ url: String) -> Substring { url.prefix { $0 != "?" } }

  private func fetch(_ url: String) throws(StorageError) -> HTTPResponse {
    do {
      return try client.perform(HTTPRequest(.get, url, deadline: min(deadline, .after(seconds: 10))))
    } catch {
      throw StorageError("\(Self.withoutQuery(url)) cannot be fetched from here: \(error)")
    }
  }
}
