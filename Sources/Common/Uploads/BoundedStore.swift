internal import Deadlines

/// A local store whose file system may be on the network and stop answering: no operation takes longer than its deadline.
struct BoundedStore: ObjectStore {
  let store: LocalStore

  var summary: String { store.summary }

  func publicURL(_ key: String) -> String { store.publicURL(key) }

  func put(_ bytes: [UInt8], key: String, contentType: String, deadline: Deadline) throws {
    try limited(deadline) { try $0.put(bytes, key: key, contentType: contentType, deadline: deadline) }
  }

  func get(_ key: String, deadline: Deadline) throws -> [UInt8]? {
    try limited(deadline) { try $0.get(key, deadline: deadline) }
  }

  func delete(_ key: String, deadline: Deadline) throws -> Bool {
    try limited(deadline) { try $0.delete(key, deadline: deadline) }
  }

  func expiry(of key: String, deadline: Deadline) -> String? { store.expiry(of: key, deadline: deadline) }

  func list(prefix: String, after: String, limit: Int, deadline: Deadline) throws -> ObjectListing {
    try limited(deadline) { try $0.list(prefix: prefix, after: after, limit: limit, deadline: deadline) }
  }

  func isReachable(deadline: Deadline) -> Bool { store.isReachable(deadline: deadline) }

  private func limited<Value: Sendable>(
    _ deadline: Deadline, _ work: @escaping @Sendable (LocalStore) throws -> Value
  ) throws -> Value {
    let store = store
    guard let value = try DetachedCall.run(until: deadline, { try work(store) }) else { throw LocalStore.tooSlow }
    return value
  }
}
