internal import Deadlines
internal import Transfer
internal import Uploads

/// An object that is put, read, looked at from outside and deleted again: whether the store does what thumbnails need.
struct StorageProbe {
  private let store: any ObjectStore
  private let client: any HTTPTransport
  private let deadline = Deadline.after(seconds: 30)
  private let key = "\(ObjectKey.prefix)check/probe-\(UInt64.random(in: .min ... .max)).jpg"

  private static let bytes = Array("probe of auto-generate-thumbnail --check\n".utf8)
  private static let contentType = "image/jpeg"

  init(store: any ObjectStore, client: any HTTPTransport) {
    self.store = store
    self.client = client
  }

  func put() throws {
    try store.put(Self.bytes, key: key, contentType: Self.contentType, deadline: deadline)
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
    guard try store.list(prefix: String(key.dropLast(4)), after: "", limit: 1, deadline: deadline).entries.map(\.key) == [key]
    else {
      throw StorageError("the store does not list the probe object, which is there: what is left behind cannot be found")
    }
    return "what is left behind can be found"
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
    guard type.lowercased().hasPrefix(Self.contentType) else {
      throw StorageError("\(url) is served as \(type), not as \(Self.contentType)")
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
