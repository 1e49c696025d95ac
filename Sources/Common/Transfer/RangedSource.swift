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
  /// The whole file, where the origin does not serve ranges.
  private var whole: [UInt8]?
  private var entityTag: String?
  private var redirects = 0
  private var nextSequential: Int64 = -1
  private var window = RangedSource.smallestWindow

  /// Size of the file in bytes; nil where the origin does not tell.
  package private(set) var size: Int64?
  package private(set) var contentType = ""
  package private(set) var bytesFetched = 0
  package private(set) var requests = 0
  /// Time spent waiting for the origin.
  package private(set) var milliseconds = 0.0

  private static let smallestWindow: Int64 = 128 * 1024
  private static let largestWindow: Int64 = 2 * 1024 * 1024
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
    try fetch(firstBlock: 0, blocks: Self.smallestWindow / BlockCache.blockSize)
  }

  /// Up to `count` bytes from `offset`, at least one; empty at the end of the file.
  package func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
    if let size, offset >= size { return [] }
    if let whole {
      return offset >= whole.count ? [] : whole[Int(offset)..<min(whole.count, Int(offset) + count)]
    }
    let number = offset / BlockCache.blockSize
    if cache[number] == nil { try readAhead(from: number) }
    if whole != nil { return try bytes(at: offset, count: count) }
    guard let block = cache[number] else { return [] }
    let start = Int(offset - number * BlockCache.blockSize)
    return start >= block.count ? [] : block[start..<min(block.count, start + count)]
  }

  /// Reads a window that grows while reads follow each other (an index) and shrinks after a jump (a keyframe).
  private func readAhead(from number: Int64) throws {
    window = number == nextSequential ? min(window * 2, Self.largestWindow) : Self.smallestWindow
    var blocks = window / BlockCache.blockSize
    if let size { blocks = min(blocks, (size + BlockCache.blockSize - 1) / BlockCache.blockSize - number) }
    for step in 1..<max(blocks, 1) where cache[number + step] != nil {
      blocks = step
      break
    }
    try fetch(firstBlock: number, blocks: max(blocks, 1))
  }

  private func fetch(firstBlock: Int64, blocks: Int64) throws {
    let start = firstBlock * BlockCache.blockSize
    let range = start...(start + blocks * BlockCache.blockSize - 1)
    var tries = 0
    while true {
      tries += 1
      do {
        try attempt(range)
        nextSequential = firstBlock + blocks
        return
      } catch let error as SourceError
        where error.failureClass == .source && tries < Self.triesPerRead && Self.isTransient(error)
      {
        let pause = error.retryAfterSeconds ?? 0.2 * Double(tries)
        guard deadline.secondsLeft > pause + 1, pause <= 10 else { throw error }
        Sleep.seconds(pause)
      }
    }
  }

  private static func isTransient(_ error: SourceError) -> Bool { !error.isFinalAnswer && !error.isTimeout }

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
          case 200: Int(head.headers["content-length"] ?? "") ?? 0 > budget ? 0 : budget
          default: 64 * 1024
          }
        }, progress: progress)
      bytesFetched += response.body.count
      return response
    } catch let error as TransferError {
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
    try remember(response, size: Int64(response.body.count))
    whole = response.body
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
