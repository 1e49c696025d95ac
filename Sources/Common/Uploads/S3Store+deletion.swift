internal import Deadlines
internal import Transfer

/// Deletion, and several requests at once, since a round trip to the store takes longer than anything else here.
extension S3Store {
  /// How many exchanges are under way at a time.
  private static let most = 16
  /// How long one wait for them lasts, in seconds: then the caller is asked whether to go on.
  private static let waitSeconds = 0.1

  /// Makes one attempt. It is no error if there is no such key.
  ///
  /// - Throws: `StorageError`.
  @discardableResult func delete(_ key: String, deadline: Deadline) throws -> Bool {
    try isGone(perform(request(.delete, key, deadline)))
  }

  func delete(_ keys: [String], deadline: Deadline, while isFree: () -> Bool) -> [Result<Void, any Error>?] {
    together(keys, deadline, while: isFree) { key in
      try request(.delete, key, deadline)
    } reading: { _, response in
      _ = try isGone(response)
    }
  }

  func list(prefixes: [String], limit: Int, deadline: Deadline, while isFree: () -> Bool)
    -> [Result<ObjectListing, any Error>?]
  {
    let query = { (prefix: String) in Self.query(prefix: prefix, after: "", limit: limit) }
    return together(prefixes, deadline, while: isFree) { prefix in
      listingRequest(query(prefix), deadline)
    } reading: { prefix, response in
      try listing(response, query(prefix), prefix: prefix, after: "", deadline)
    }
  }

  /// Whether the bytes are gone.
  private func isGone(_ response: HTTPResponse) throws(StorageError) -> Bool {
    guard isDone(response) || S3Refusal(response).isMissingKey else { throw error(response) }
    // If the bucket no longer makes versions, the marker replaces the version named `null`, and nothing is kept.
    return response.headers["x-amz-delete-marker"] != "true" || response.headers["x-amz-version-id"] == "null"
  }

  /// Makes one attempt for each item.
  ///
  /// - Returns: for each item what `read` makes of the answer; nil if none came before `isFree` returned false, or none was asked for
  ///   before the deadline.
  private func together<Value>(
    _ items: [String], _ deadline: Deadline, while isFree: () -> Bool, requesting request: (String) throws -> HTTPRequest,
    reading read: (String, HTTPResponse) throws -> Value
  ) -> [Result<Value, any Error>?] {
    var results: [Result<Value, any Error>?] = items.map { _ in nil }
    var waiting = items.indices[...]
    while isFree() {
      while exchanges.count < Self.most, !deadline.hasPassed, let index = waiting.popFirst() {
        do {
          exchanges.start([(try request(items[index]), index)])
        } catch {
          results[index] = .failure(error)
        }
      }
      if exchanges.count == 0 { return results }
      for (index, result) in exchanges.wait(seconds: Self.waitSeconds, orReadable: nil) {
        results[index] = Result {
          do {
            return try read(items[index], result.get())
          } catch let error as TransferError {
            throw unreachable(error)
          }
        }
      }
    }
    giveUpExchanges()
    return results
  }
}
