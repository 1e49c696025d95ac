package import Deadlines
internal import Failures

/// Reads a remote file in bounded ranges over one kept-alive connection, within budgets and behind the address guard.
///
/// A missing byte is an error, never the end of the file. Whatever an answer has of the bytes asked for is kept.
package final class RangedSource {
  private let fetcher: SourceFetcher
  private let sleep: (Double) -> Void
  private let silentSeconds: Double

  private var identity = FileIdentity()
  private var cache = BlockCache()
  private var readAhead = ReadAhead()
  /// What has come of the file if the origin does not serve ranges.
  private var stream: FileBeginning?
  private var ranges = RangeHabits()

  /// Size of the file in bytes; nil if the origin does not tell it.
  package var size: Int64? { stream.flatMap { $0.isTakenForAll ? Int64($0.bytes.count) : nil } ?? identity.size }
  /// `Content-Type` of the first successful answer that has one, with parameters; empty if there is none.
  package private(set) var contentType = ""
  /// Bytes received so far, including errors, redirects, heads and chunk framing. A compressed body counts decoded if that is more.
  /// ``maximumBytes`` limits them.
  package var bytesFetched: Int { fetcher.bytesFetched }
  /// ``SourceSettings/maximumBytes`` of this job.
  package let maximumBytes: Int
  /// Requests sent so far, including redirects and retries. `SourceSettings.maximumRequests` limits them.
  package var requests: Int { fetcher.requests }
  /// Time spent waiting for the origin, in milliseconds.
  package var milliseconds: Double { fetcher.waitedSeconds * 1000 }

  /// The size of the first read: the header, and often the index of a short video.
  private static let firstWindow: Int64 = 128 * 1024
  private static let longestPause = 10.0

  /// Opens the file by reading its beginning.
  ///
  /// - Parameters:
  ///   - origins: learns which origins answer.
  ///   - sleep: makes a pause of so many seconds.
  ///   - progress: called whenever bytes have arrived, and before each request and each pause. If it throws, the read ends.
  /// - Throws: `SourceError`, or what `progress` threw.
  package init(
    _ url: SourceURL, client: any HTTPTransport, settings: SourceSettings, deadline: Deadline,
    origins: KnownOrigins = KnownOrigins(), sleep: @escaping (Double) -> Void = Sleep.seconds,
    progress: @escaping () throws -> Void
  ) throws {
    fetcher = SourceFetcher(
      url, client: client, settings: settings, deadline: deadline, origins: origins, progress: progress)
    self.sleep = sleep
    maximumBytes = settings.maximumBytes
    silentSeconds = settings.silentSeconds ?? .infinity
    try fetch(0..<Self.firstWindow / BlockCache.blockSize, needed: 1)
  }

  /// Tells where the next reads will be.
  package func expect(_ range: Range<Int64>) {
    readAhead.expected = range
  }

  /// The bytes from `offset`, up to `count`, that have been fetched. The caller need not use them: ``used(until:)`` tells how many it did.
  package func atHand(at offset: Int64, count: Int) -> ArraySlice<UInt8> {
    isBehindEnd(offset) ? [] : found(at: offset, count: count) ?? []
  }

  /// Tells how much of the bytes at hand has been used.
  package func used(until offset: Int64) { readAhead.read(until: offset) }

  /// Up to `count` bytes from `offset`, at least one; empty at the end of the file. `count` is what the caller needs, and is fetched in one
  /// piece.
  package func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
    if isBehindEnd(offset) { return [] }
    if let found = needed(at: offset, count: count) { return found }
    if let stream { throw stream.refusal }
    let end = offset + Int64(count)
    let blocks = readAhead.blocks(from: offset / BlockCache.blockSize, until: end, size: size) { [cache] in cache[$0] != nil }
    try fetch(blocks, needed: end)
    if isBehindEnd(offset) { return [] }
    if let found = needed(at: offset, count: count) { return found }
    throw (stream ?? FileBeginning(bytes: [])).refusal
  }

  /// Takes the file to end with what has come of it, if the origin sends it from the beginning and no more can be had.
  ///
  /// - Returns: false if that is not so, or was done before.
  package func endWithWhatHasCome() -> Bool {
    guard let stream, !stream.isTakenForAll, size.map({ $0 > stream.bytes.count }) ?? true else { return false }
    self.stream?.isTakenForAll = true
    return true
  }

  private func isBehindEnd(_ offset: Int64) -> Bool { (size ?? ranges.nothingFrom).map { offset >= $0 } ?? false }

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
    return stream?.found(at: offset, count: count)
  }

  /// Fetches blocks until all of them are there or the file ends. If the origin gives less than it is asked for, it stops once it has what
  /// is needed.
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
      } catch let error as SourceError where error.failureClass.isOrigins && !error.isFinalAnswer {
        // An attempt counts only if it brought next to nothing.
        tries = assembly.position - before >= BlockCache.blockSize ? 1 : tries + 1
        let pause = error.retryAfterSeconds ?? error.usualPause * Double(tries)
        // A pause is as silent as an origin that does not answer.
        let longest = min(Self.longestPause, silentSeconds)
        guard tries < error.mostTries, pause <= longest, try fetcher.pause(pause, sleep) else { throw error }
      }
    }
    if isBehindEnd(assembly.position) { assembly.finish(into: &cache) }
    readAhead.fetched(until: assembly.position / BlockCache.blockSize)
  }

  /// Asks once for `range`, and keeps what is wanted of the answer.
  ///
  /// - Returns: whether the answer was complete, but shorter than asked for.
  private func ask(_ range: Range<Int64>, _ assembly: inout BlockAssembly) throws -> Bool {
    let asked = ranges.areServed ? range : nil
    let answer = try fetcher.ask(asked) { [self] head in wanted(of: head, asked: asked) }
    let response = answer.response
    if contentType.isEmpty, response.isSuccess { contentType = response.headers["content-type"] ?? "" }
    switch RangeAnswer(response, asked: asked, isDecoded: fetcher.decodesContent) {
    case .part(let bounds, let size):
      try identity.take(response, size: size)
      return try storePart(answer, bounds, asked: range, &assembly)
    case .whole(let size): try storeWhole(answer, size: size, &assembly)
    case .unplaced: try storeWhole(answer, size: nil, isUnplaced: true, &assembly)
    case .encoded:
      guard asked != nil || !fetcher.decodesContent else {
        throw SourceError(.source, "the origin compresses parts of the file")
      }
      ranges.noteNone()
      fetcher.decodesContent = true
    case .unsatisfiable(let told):
      guard let asked else { throw SourceError.status(response) }
      let known = size
      // Of an empty file there is no range. The answer without one has its type.
      if told == 0, known == nil {
        ranges.noteNone()
      } else {
        if let told { try identity.take(size: told) }
        ranges.noteRefusal(of: asked, told: told, size: known)
      }
    case .refused:
      // An origin that has served ranges has only a temporary fault.
      guard !ranges.hasServedPart else { throw SourceError.status(response) }
      // 400 may be for a range that ends beyond the end of the file.
      if response.status == 400, !fetcher.asksForOpenRanges { fetcher.asksForOpenRanges = true } else { ranges.noteNone() }
    case .misplaced:
      // Some origins know only ranges without an end, as browsers send them, and some answer correctly only without a range.
      guard asked != nil else { throw SourceError(.source, "the origin answered another range than the one asked for") }
      if fetcher.asksForOpenRanges { ranges.noteNone() }
      fetcher.asksForOpenRanges = true
    case .other: throw SourceError.status(response)
    }
    return false
  }

  private static func isPage(_ contentType: String?) -> Bool { contentType?.lowercased().hasPrefix("text/html") ?? false }

  /// How many bytes of an answer's body are wanted, according to its head.
  private func wanted(of head: HTTPResponse, asked: Range<Int64>?) -> Int64 {
    switch RangeAnswer(head, asked: asked, isDecoded: fetcher.decodesContent) {
    case .part(let bounds, let size):
      guard identity.allows(head, size: size) else { return 0 }
      return min(bounds.upperBound + 1, asked?.upperBound ?? .max) - bounds.lowerBound
    case .unplaced: return identity.allows(head, size: nil) ? .max : 0
    case .whole(let size): return ranges.declinesWhole(size) || !identity.allows(head, size: size) ? 0 : .max
    default: return 0
    }
  }

  /// - Returns: whether the answer was complete, but shorter than asked for.
  private func storePart(
    _ answer: SourceFetcher.Answer, _ bounds: ClosedRange<Int64>, asked: Range<Int64>, _ assembly: inout BlockAssembly
  ) throws -> Bool {
    let body = answer.response.body
    ranges.notePart(bounds, asked: asked)
    assembly.take(body.prefix(bounds.count), from: bounds.lowerBound, into: &cache)
    if assembly.position >= asked.upperBound {
      fetcher.noteSound(bytes: body.count)
      return false
    }
    switch answer.ending {
    case .complete:
      if assembly.position == asked.lowerBound { throw SourceError(.source, "the origin answered an empty range") }
    // It reached the budget. Asking again says so.
    case .cut: fetcher.noteSound(bytes: body.count)
    case .broken(let error): throw fetcher.sourceError(error)
    }
    return true
  }

  private func storeWhole(
    _ answer: SourceFetcher.Answer, size: Int64?, isUnplaced: Bool = false, _ assembly: inout BlockAssembly
  ) throws {
    let body = answer.response.body
    let type = answer.response.headers["content-type"]
    if size == nil || size != self.size, Self.isPage(type), !Self.isPage(contentType) {
      throw SourceError(.source, "the origin answered with a web page (text/html) where more of the video was asked for")
    }
    if ranges.declinesWhole(size) {
      ranges.noteDeclined()
      throw SourceError(.source, "the origin answered with the whole file where a part was asked for")
    }
    try identity.take(answer.response, size: size)
    switch answer.ending {
    case .complete where isUnplaced:
      let reason = "the origin answered with a part of the file (206) without saying which (Content-Range)"
      stream = FileBeginning(bytes: body, reason: SourceError(.source, reason, isFinalAnswer: true))
    case .complete:
      try identity.take(size: Int64(body.count))
      stream = FileBeginning(bytes: body)
    case .cut: stream = FileBeginning(bytes: body)
    case .broken(let error):
      let failure = fetcher.sourceError(error)
      if failure.isFinalAnswer, !body.isEmpty {
        // The time for reading is over. The beginning of the file may be enough.
        stream = FileBeginning(bytes: body, reason: failure)
      } else {
        assembly.take(body[...], from: 0, into: &cache)
        throw failure
      }
    }
  }
}
