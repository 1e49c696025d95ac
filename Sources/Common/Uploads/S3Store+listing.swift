internal import Deadlines
internal import Transfer

extension S3Store {
  /// Calls `ListObjectsV2`.
  func list(prefix: String, after: String, limit: Int, deadline: Deadline) throws -> ObjectListing {
    let query = Self.query(prefix: prefix, after: after, limit: limit)
    return try listing(perform(listingRequest(query, deadline)), query, prefix: prefix, after: after, deadline)
  }

  /// The query of a listing, sorted and encoded as the signature requires.
  static func query(prefix: String, after: String, limit: Int) -> String {
    let query = "list-type=2&max-keys=\(min(max(limit, 1), 1000))&prefix=\(encoded(prefix))"
    return after.isEmpty ? query : query + "&start-after=\(encoded(after))"
  }

  func listingRequest(_ query: String, _ deadline: Deadline) -> HTTPRequest {
    var request = HTTPRequest(.get, "\(settings.bucketURL)/?\(query)", deadline: deadline)
    request.maximumBodyBytes = 4 << 20
    sign(&request)
    return request
  }

  /// Reads the answer to a query, and asks for more if it is empty without being the last.
  func listing(_ response: HTTPResponse, _ query: String, prefix: String, after: String, _ deadline: Deadline) throws
    -> ObjectListing
  {
    var page = try page(response)
    // If many objects were deleted, a page may be empty without being the last one.
    while page.listing.entries.isEmpty, page.listing.next == nil, let token = page.token {
      page = try self.page(perform(listingRequest("continuation-token=\(Self.encoded(token))&\(query)", deadline)))
      if page.token == token { throw StorageError("the object store does not get on with its listing (continuation-token)") }
    }
    let listing = page.listing
    // A caller that deletes what is listed would delete other objects.
    guard listing.entries.allSatisfy({ $0.key.hasPrefix(prefix) }) else {
      throw StorageError("the object store does not heed which objects it is to list (prefix)")
    }
    // A caller that continues there would never end.
    if let next = listing.next, !after.utf8.lexicographicallyPrecedes(next.utf8) {
      throw StorageError("the object store does not heed where its listing is to begin (start-after)", beginsAnew: true)
    }
    return listing
  }

  private func page(_ response: HTTPResponse) throws -> ListingXML {
    guard isDone(response) else { throw error(response) }
    guard let page = ListingXML(String(decoding: response.body, as: UTF8.self)) else {
      throw StorageError("the object store answered a listing that cannot be understood (S3_ENDPOINT)")
    }
    return page
  }
}
