package import Deadlines
internal import Failures

/// A remote file read in bounded ranges over one kept-alive connection, within budgets and behind the address guard.
package final class RangedSource {
  private let client: HTTPClient
  private let settings: SourceSettings
  private let deadline: Deadline
  private let progress: () throws -> Void

  private var url: SourceURL
  private var cache = BlockCache()
  /// The file from its beginning, where the origin does not serve ranges: all of it, or as much as the budget allows.
  private var stream: [UInt8]?
  private var readAhead = ReadAhead()
  private var entityTag: String?
  private var redirects = 0

  /// Size of the file in bytes; nil where the origin does not tell.
  package private(set) var size: Int64?
  package private(set) var contentType = ""
  package private(set) var bytesFetched = 0
  package private(set) var requests = 0
  /// Time spent waiting for the origin.
  package private(set) var milliseconds = 0.0

  /// The first read: header and often the index of a short video.
  private static let firstWindow: Int64 = 128 * 1024
  private static let triesPerRead = 3

  /// Opens the file by reading its beginning.
  ///
  /// - Parameter progress: called whenever bytes have arrived; what it throws ends the read.
  /// - Throws: `SourceError`, or what `progress` threw.
  package init(
    _ url: SourceURL, client: HTTPClient, settings: SourceSettings, deadline: Deadline,
    progress: @escaping () throws -> Void
  ) throws {
    self.url = url
    self.client = client
    self.settings = settings
    self.deadline = deadline
    self.progress = progress
    try fetch(0..<Self.firstWindow / BlockCache.blockSize)
  }

  /// Tells where the next reads will be.
  package func expect(_ range: Range<Int64>) {
    readAhead.expected = range
  }

  /// Whether the byte at `offset` has been fetched, or is none of the file.
  package func isAtHand(_ offset: Int64) -> Bool {
    if let size, offset >= size { return true }
    if let stream { return offset < stream.count }
    return cache[offset / BlockCache.blockSize] != nil
  }

  /// Up to `count` bytes from `offset`, at least one; empty at the end of the file. `count` is taken for what the caller
  /// needs: that much is fetched in one piece.
  package func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
    if let size, offset >= size { return [] }
    if let stream { return try streamed(stream, offset, count) }
    let number = offset / BlockCache.blockSize
    if cache[number] == nil {
      try fetch(readAhead.blocks(from: number, until: offset + Int64(count), size: size) { [cache] in cache[$0] != nil })
    }
    if let stream { return try streamed(stream, offset, count) }
    guard let block = cache[number] else { return [] }
    let start = Int(offset - number * BlockCache.blockSize)
    let found = start >= block.count ? [] : block[start..<min(block.count, start + count)]
    readAhead.read(offset, count: found.count)
    return found
  }

  private func streamed(_ stream: [UInt8], _ offset: Int64, _ count: Int) throws(SourceError) -> ArraySlice<UInt8> {
    if offset < stream.count { return stream[Int(offset)..<min(stream.count, Int(offset) + count)] }
    guard let size, size > stream.count else { return [] }
    throw SourceError(
      .source,
      "the origin serves no ranges, and what is needed lies beyond the first \(stream.count) bytes (SOURCE_MAX_BYTES)",
      isFinalAnswer: true)
  }

  private func fetch(_ blocks: Range<Int64>) throws {
    let end = blocks.upperBound
    var first = blocks.lowerBound
    var tries = 0
    while true {
      tries += 1
      do {
        try attempt((first * BlockCache.blockSize)...(end * BlockCache.blockSize - 1))
        readAhead.fetched(until: end)
        return
      } catch let error as SourceError where error.failureClass == .source && !error.isFinalAnswer {
        // What had arrived is in the cache: go on at the byte, and count only the tries that brought nothing.
        let before = first
        while first < end - 1, cache[first] != nil { first += 1 }
        if first > before { tries = 0 }
        // A silent origin gets one more chance; two use up most of a lease, which silence does not renew.
        guard tries < (error.isTimeout ? 2 : Self.triesPerRead) else { throw error }
        let pause = error.retryAfterSeconds ?? 0.2 * Double(tries)
        guard deadline.secondsLeft > pause + 1, pause <= 10 else { throw error }
        Sleep.seconds(pause)
      }
    }
  }

  private func attempt(_ range: ClosedRange<Int64>) throws {
    while true {
      let response = try exchange(range)
      switch response.status {
      case 206:
        return try store(response, for: range)
      case 200:
        return try storeWhole(response)
      case 301, 302, 303, 307, 308:
        try follow(response)
      case 416 where ContentRange(response.headers["content-range"])?.size == 0 || range.lowerBound == 0:
        size = 0
        return
      default:
        throw SourceError.status(response.status, retryAfterSeconds: response.retryAfterSeconds)
      }
    }
  }

  private func exchange(_ range: ClosedRange<Int64>) throws -> HTTPResponse {
    guard requests < settings.maximumRequests else {
      throw SourceError(.source, "more than \(settings.maximumRequests) requests were needed to read the video")
    }
    try checkHost()
    requests += 1
    var request = HTTPRequest(.get, url.text, deadline: deadline)
    request.range = range
    request.allowsPrivateAddresses = settings.privateHosts.contains(url.hostAndPort)
    request.connectSeconds = settings.connectSeconds
    request.minimumBytesPerSecond = settings.minimumBytesPerSecond
    request.slowSeconds = settings.slowSeconds
    if let entityTag { request.headers.append(("If-Range", entityTag)) }
    let budget = settings.maximumBytes - bytesFetched
    let expected = range.count
    let stopwatch = Stopwatch()
    defer { milliseconds += stopwatch.milliseconds }
    do {
      let response = try client.perform(
        request,
        bodyLimit: { head in
          // A body that answers the range is as long as the range; anything else is taken only within the budget.
          switch head.status {
          case 206: min(expected, budget)
          case 200: budget
          default: 64 * 1024
          }
        }, progress: progress)
      bytesFetched += response.body.count
      return response
    } catch let error as TransferError {
      bytesFetched += error.partial.body.count
      if error.kind == .tooLarge, error.partial.status == 200 { return error.partial }
      keep(error.partial, of: range)
      throw SourceError(error, deadline: deadline, maximumBytes: settings.maximumBytes)
    }
  }

  private func checkHost() throws(SourceError) {
    if !settings.allowedHosts.isEmpty && !settings.allowedHosts.contains(url.host) {
      throw SourceError(.forbidden, "the host of the video URL is not among SOURCE_ALLOWED_HOSTS")
    }
  }

  private func follow(_ response: HTTPResponse) throws {
    guard let location = response.headers["location"] else { throw SourceError.status(response.status) }
    redirects += 1
    guard redirects <= SourceSettings.maximumRedirects else {
      throw SourceError(.forbidden, "more than \(SourceSettings.maximumRedirects) redirects")
    }
    let target = try url.redirect(to: location)
    if url.scheme == "https" && target.scheme == "http" {
      throw SourceError(.forbidden, "a redirect leads from https down to http")
    }
    url = target
  }

  /// Whole blocks of an answer that broke off.
  private func keep(_ partial: HTTPResponse, of range: ClosedRange<Int64>) {
    guard partial.status == 206, let bounds = ContentRange(partial.headers["content-range"])?.bounds,
      bounds.lowerBound == range.lowerBound, entityTag == nil || partial.headers["etag"] == entityTag
    else { return }
    let size = Int(BlockCache.blockSize)
    for start in stride(from: 0, to: partial.body.count - size + 1, by: size) {
      cache.store(Array(partial.body[start..<(start + size)]), at: (range.lowerBound + Int64(start)) / BlockCache.blockSize)
    }
  }

  private func store(_ response: HTTPResponse, for range: ClosedRange<Int64>) throws {
    guard let answered = ContentRange(response.headers["content-range"]), let bounds = answered.bounds,
      bounds.lowerBound == range.lowerBound, bounds.upperBound <= range.upperBound, bounds.count == response.body.count
    else { throw SourceError(.source, "the origin answered another range than the one asked for") }
    try remember(response, size: answered.size)
    for start in stride(from: 0, to: response.body.count, by: Int(BlockCache.blockSize)) {
      let block = response.body[start..<min(response.body.count, start + Int(BlockCache.blockSize))]
      let isLast = size.map { bounds.lowerBound + Int64(start + block.count) == $0 } ?? false
      // A short block in the middle would look like the end of the file.
      guard block.count == Int(BlockCache.blockSize) || isLast || size == nil else { break }
      cache.store(Array(block), at: (range.lowerBound + Int64(start)) / BlockCache.blockSize)
    }
    guard !response.body.isEmpty else { throw SourceError(.source, "the origin answered an empty range") }
  }

  private func storeWhole(_ response: HTTPResponse) throws {
    if requests - redirects > 1 && (entityTag != nil || size != nil) {
      throw SourceError(.source, "the video changed while it was read")
    }
    let announced = response.headers["content-length"].flatMap { Int64($0) }.flatMap { $0 <= ContentRange.maximum ? $0 : nil }
    try remember(response, size: announced ?? Int64(response.body.count))
    stream = response.body
  }

  /// Keeps what identifies the file, and notices when it is another one than before.
  private func remember(_ response: HTTPResponse, size answered: Int64?) throws {
    let tag = response.headers["etag"].flatMap { $0.hasPrefix("W/") ? nil : $0 }
    if let size, let answered, size != answered {
      throw SourceError(.source, "the video changed while it was read")
    }
    if let entityTag, let tag, entityTag != tag {
      throw SourceError(.source, "the video changed while it was read")
    }
    size = size ?? answered
    entityTag = entityTag ?? tag
    if contentType.isEmpty { contentType = response.headers["content-type"] ?? "" }
  }
}
