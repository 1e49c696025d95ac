package import Deadlines
internal import Failures

/// A remote file read in bounded ranges over one kept-alive connection, within budgets and behind the address guard.
///
/// A missing byte is an error, never the end of the file; what was asked for and holds is kept, whatever came beside it.
package final class RangedSource {
  private let fetcher: SourceFetcher
  private let sleep: (Double) -> Void

  private var identity = FileIdentity()
  private var cache = BlockCache()
  private var readAhead = ReadAhead()
  /// The file from its beginning, where the origin serves no ranges: all of it, or as much as the budget allows.
  private var stream: [UInt8]?
  /// Where the origin has said that there is nothing any more, without telling the size.
  private var nothingFrom: Int64?
  /// The end of the farthest part there was an answer with, and whether it is where that was asked to end: then the file may go on.
  private var reached: (end: Int64, isAsAsked: Bool) = (0, true)
  /// Cleared once the origin has shown that it cannot do with them.
  private var asksForRanges = true
  private var hasServedRanges = false
  private var hasDeclinedWhole = false

  /// Size of the file in bytes; nil where the origin does not tell.
  package var size: Int64? { identity.size }
  /// `Content-Type` of the first successful answer that has one, parameters included; empty where there is none.
  package private(set) var contentType = ""
  /// Bytes received so far, with errors, redirects, heads and the framing of chunks; of a compressed body what it decodes to, where that is more.
  /// `SourceSettings.maximumBytes` is their limit.
  package var bytesFetched: Int { fetcher.bytesFetched }
  /// Requests sent so far, redirects and second tries included; `SourceSettings.maximumRequests` is their limit.
  package var requests: Int { fetcher.requests }
  /// Time spent waiting for the origin, in milliseconds.
  package var milliseconds: Double { fetcher.milliseconds }

  /// The first read: header and often the index of a short video.
  private static let firstWindow: Int64 = 128 * 1024
  private static let longestPause = 10.0
  /// A file that is sent whole though a range was asked for: up to so many bytes are taken without a second try.
  private static let smallFile: Int64 = 1 << 20

  /// Opens the file by reading its beginning.
  ///
  /// - Parameter progress: called whenever bytes have arrived, and before each request and each pause; what it throws ends the read.
  /// - Throws: `SourceError`, or what `progress` threw.
  package convenience init(
    _ url: SourceURL, client: any HTTPTransport, settings: SourceSettings, deadline: Deadline,
    progress: @escaping () throws -> Void
  ) throws {
    try self.init(url, client: client, settings: settings, deadline: deadline, sleep: Sleep.seconds, progress: progress)
  }

  init(
    _ url: SourceURL, client: any HTTPTransport, settings: SourceSettings, deadline: Deadline,
    sleep: @escaping (Double) -> Void, progress: @escaping () throws -> Void
  ) throws {
    fetcher = SourceFetcher(url, client: client, settings: settings, deadline: deadline, progress: progress)
    self.sleep = sleep
    try fetch(0..<Self.firstWindow / BlockCache.blockSize, needed: 1)
  }

  /// Tells where the next reads will be.
  package func expect(_ range: Range<Int64>) {
    readAhead.expected = range
  }

  /// What of the bytes from `offset` has been fetched, up to `count`. Not taken for what the caller needs: ``used(until:)`` tells that.
  package func atHand(at offset: Int64, count: Int) -> ArraySlice<UInt8> {
    isBehindEnd(offset) ? [] : found(at: offset, count: count) ?? []
  }

  /// Tells how far what was at hand has been of use.
  package func used(until offset: Int64) { readAhead.read(until: offset) }

  /// Up to `count` bytes from `offset`, at least one; empty at the end of the file. `count` is taken for what the caller
  /// needs: that much is fetched in one piece.
  package func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
    if isBehindEnd(offset) { return [] }
    if let found = needed(at: offset, count: count) { return found }
    if stream != nil { throw beyondStream() }
    let end = offset + Int64(count)
    let blocks = readAhead.blocks(from: offset / BlockCache.blockSize, until: end, size: size) { [cache] in cache[$0] != nil }
    try fetch(blocks, needed: end)
    if isBehindEnd(offset) { return [] }
    if let found = needed(at: offset, count: count) { return found }
    throw beyondStream()
  }

  private func isBehindEnd(_ offset: Int64) -> Bool { (size ?? nothingFrom).map { offset >= $0 } ?? false }

  private func needed(at offset: Int64, count: Int) -> ArraySlice<UInt8>? {
    guard let found = found(at: offset, count: count) else { return nil }
    readAhead.read(until: offset + Int64(found.count))
    return found
  }

  private func found(at offset: Int64, count: Int) -> ArraySlice<UInt8>? {
    let start = Int(offset % BlockCache.blockSize)
    if let block = cache[offset / BlockCache.blockSize], start < block.count {
      return block[start..<min(block.count, start + count)]
    }
    guard let stream, offset < stream.count else { return nil }
    return stream[Int(offset)..<min(stream.count, Int(offset) + count)]
  }

  private func beyondStream() -> SourceError {
    SourceError(
      .source,
      "the origin serves no ranges, and what is needed lies beyond the first \(stream?.count ?? 0) bytes (SOURCE_MAX_BYTES)",
      isFinalAnswer: true)
  }

  /// Fetches blocks until all of them are there, the file ends, or an origin that gives less than it is asked for has given what is
  /// needed.
  private func fetch(_ blocks: Range<Int64>, needed: Int64) throws {
    cache.makeRoom(for: blocks.count)
    let end = blocks.upperBound * BlockCache.blockSize
    let enough = min(end, (needed + BlockCache.blockSize - 1) / BlockCache.blockSize * BlockCache.blockSize)
    var assembly = BlockAssembly(from: blocks.lowerBound)
    var tries = 0
    var isShort = false
    while stream == nil, assembly.position < end, !isBehindEnd(assembly.position), !(isShort && assembly.position >= enough) {
      let before = assembly.position
      do {
        isShort = try ask(before..<min(end, size ?? end), &assembly)
        if assembly.position - before >= BlockCache.blockSize { tries = 0 }
      } catch let error as SourceError where error.failureClass == .source && !error.isFinalAnswer {
        // Only the tries that brought next to nothing count.
        tries = assembly.position - before >= BlockCache.blockSize ? 1 : tries + 1
        let pause = error.retryAfterSeconds ?? error.usualPause * Double(tries)
        guard tries < error.mostTries, pause <= Self.longestPause, try fetcher.pause(pause, sleep)
        else {
          throw error
        }
      }
    }
    if isBehindEnd(assembly.position) { assembly.finish(into: &cache) }
    readAhead.fetched(until: assembly.position / BlockCache.blockSize)
  }

  /// Asks once for `range`, and keeps of the answer what is wanted.
  ///
  /// - Returns: whether the answer was complete, and shorter than what was asked for.
  private func ask(_ range: Range<Int64>, _ assembly: inout BlockAssembly) throws -> Bool {
    let asked = asksForRanges ? range : nil
    let answer = try fetcher.ask(asked) { [self] head in wanted(of: head, asked: asked) }
    let response = answer.response
    let body = response.body[...]
    if contentType.isEmpty, response.isSuccess { contentType = response.headers["content-type"] ?? "" }
    switch RangeAnswer(response, asked: asked, isDecoded: fetcher.decodesContent) {
    case .part(let bounds, let size):
      try identity.take(response, size: size)
      hasServedRanges = hasServedRanges || bounds.lowerBound > 0 || bounds.upperBound < range.upperBound
      assembly.take(body.prefix(bounds.count), from: bounds.lowerBound, into: &cache)
      if bounds.upperBound >= reached.end { reached = (bounds.upperBound + 1, bounds.upperBound + 1 >= range.upperBound) }
      if assembly.position >= range.upperBound { return false }
      if case .broken(let error) = answer.ending { throw fetcher.sourceError(error) }
      // What a cut answer lacks is what the budget does not allow: asked again, that is what is said.
      if case .complete = answer.ending, assembly.position == range.lowerBound {
        throw SourceError(.source, "the origin answered an empty range")
      }
      return true
    case .whole(let size):
      if declinesWhole(size) {
        hasDeclinedWhole = true
        throw SourceError(.source, "the origin answered with the whole file where a part was asked for")
      }
      try storeWhole(answer, size: size, &assembly)
    case .encoded:
      guard asked != nil || !fetcher.decodesContent else {
        throw SourceError(.source, "the origin compresses parts of the file")
      }
      asksForRanges = false
      fetcher.decodesContent = true
    case .unsatisfiable(let size): try noticeEnd(size, asked: asked, response)
    case .refused:
      // From who has served ranges it is a fault that passes.
      guard !hasServedRanges else { throw SourceError.status(response) }
      asksForRanges = false
    case .misplaced:
      // Some know only ranges without an end, as browsers ask for; some know it when they are not asked for any.
      guard asked != nil else { throw SourceError(.source, "the origin answered another range than the one asked for") }
      if fetcher.asksForOpenRanges { asksForRanges = false }
      fetcher.asksForOpenRanges = true
    case .other: throw SourceError.status(response)
    }
    return false
  }

  /// How many bytes of an answer's body are wanted, by its head.
  private func wanted(of head: HTTPResponse, asked: Range<Int64>?) -> Int64 {
    switch RangeAnswer(head, asked: asked, isDecoded: fetcher.decodesContent) {
    case .part(let bounds, let size):
      guard identity.allows(head, size: size) else { return 0 }
      return min(bounds.upperBound + 1, asked?.upperBound ?? .max) - bounds.lowerBound
    case .whole(let size): return declinesWhole(size) || !identity.allows(head, size: size) ? 0 : .max
    default: return 0
    }
  }

  /// A cache that has missed once answers whole, and knows ranges again a moment later.
  private func declinesWhole(_ size: Int64?) -> Bool {
    asksForRanges && hasServedRanges && !hasDeclinedWhole && (size ?? .max) > Self.smallFile
  }

  private func storeWhole(_ answer: SourceFetcher.Answer, size: Int64?, _ assembly: inout BlockAssembly) throws {
    let body = answer.response.body
    try identity.take(answer.response, size: size)
    switch answer.ending {
    case .complete:
      try identity.take(size: Int64(body.count))
      stream = body
    case .cut: stream = body
    case .broken(let error):
      assembly.take(body[...], from: 0, into: &cache)
      throw fetcher.sourceError(error)
    }
  }

  /// An origin that refuses the range: there is nothing there, its end lies behind the file's, or it serves none at all.
  private func noticeEnd(_ told: Int64?, asked: Range<Int64>?, _ response: HTTPResponse) throws {
    guard let asked else { throw SourceError.status(response) }
    if let told {
      try identity.take(size: told)
      // The next request ends where the file does; where this one did so already, ranges are not to be had.
      if asked.upperBound <= told { asksForRanges = false }
    } else if size == nil, !reached.isAsAsked, asked.lowerBound >= reached.end {
      nothingFrom = asked.lowerBound
    } else {
      // No answer has ended short of what was asked for, as a file's last part does, or one went on behind that: the whole file will tell.
      asksForRanges = false
    }
  }
}
