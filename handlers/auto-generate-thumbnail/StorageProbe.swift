internal import Deadlines
internal import Decoding
internal import Transfer
internal import Uploads

/// An object that is put, read, looked at from outside and deleted again: whether the store does what thumbnails need.
struct StorageProbe {
  private let store: any ObjectStore
  private let client: any HTTPTransport
  private let deadline = Deadline.after(seconds: 30)
  private let format: ImageFormat
  private let stem = "\(ObjectKey.prefix)check/probe-\(UInt64.random(in: .min ... .max))"
  private var key: String { "\(stem).\(format.fileExtension)" }

  private static let bytes = Array("probe of auto-generate-thumbnail --check\n".utf8)

  /// - Parameter format: whose suffix and type the object has: some web servers go by the one, some by the other.
  init(store: any ObjectStore, client: any HTTPTransport, format: ImageFormat) {
    self.format = format
    self.store = store
    self.client = client
  }

  func put() throws {
    try store.put(Self.bytes, key: key, contentType: format.contentType, deadline: deadline)
  }

  func read() throws -> String {
    guard try store.get(key, deadline: deadline) == Self.bytes else {
      throw StorageError("the probe object came back different")
    }
    return store.summary
  }

  /// Without it nobody finds what a worker left behind, nor the other sizes of a picture that was replaced.
  func list() throws -> String {
    // By the beginning of its name, as the other sizes are found.
    guard try store.list(prefix: stem, after: "", limit: 1, deadline: deadline).entries.map(\.key) == [key]
    else {
      throw StorageError("the store does not list the probe object, which is there: what is left behind cannot be found")
    }
    return "what is left behind can be found"
  }

  /// Rows name their pictures for good.
  func stay() throws -> String {
    if let end = try store.end(of: key, deadline: deadline) {
      throw StorageError(
        "a lifecycle rule of the bucket deletes pictures (this one on \(end)): let it spare \(ObjectKey.prefix)")
    }
    return "the store names no day on which it deletes pictures"
  }

  /// - Returns: whether nothing is kept of it.
  func delete() throws -> Bool { try store.delete(key, deadline: deadline) }

  /// Fetches the probe's public URL as anybody would.
  ///
  /// - Throws: `StorageError`, whose sentence says what everybody sees instead of it.
  func lookFromOutside() throws -> String {
    let url = store.publicURL(key)
    let response: HTTPResponse
    do {
      response = try client.perform(HTTPRequest(.get, url, deadline: min(deadline, .after(seconds: 10))))
    } catch {
      throw StorageError("\(url) cannot be fetched from here: \(error)")
    }
    let type = response.headers["content-type"] ?? "no type"
    guard response.status == 200 else {
      throw StorageError("\(url) answers \(response.status): thumbnails are not served to the public there")
    }
    guard response.body == Self.bytes else { throw StorageError("\(url) answers something else than the probe, as \(type)") }
    guard type.lowercased().hasPrefix(format.contentType) else {
      throw StorageError("\(url) is served as \(type), not as \(format.contentType)")
    }
    let readers =
      switch response.headers["access-control-allow-origin"] {
      case "*": "to everybody"
      case let origin?: "to everybody; pages of \(origin) may read it, too"
      case nil: "to everybody; without Access-Control-Allow-Origin, so that other hosts' pages may show it, not read it"
      }
    return "served as \(type), \(readers)"
  }
}
