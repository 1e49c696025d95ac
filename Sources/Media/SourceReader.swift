internal import CLibAV
internal import Deadlines
internal import Decoding

/// Lets libavformat read from a `ByteSource` (`avio_alloc_context`).
///
/// An error of the source cannot pass through C. It is kept here, and the caller of libavformat throws it.
@safe final class SourceReader {
  let source: any ByteSource
  let deadline: Deadline
  private var position: Int64 = 0
  private(set) var context: UnsafeMutablePointer<AVIOContext>?
  /// The first error of the source.
  private(set) var failure: (any Error)?
  /// How many bytes may still be read.
  private var allowance = Int.max
  private(set) var bytesRead = 0
  /// Where the large piece ends that is being read: one picture, which is not cut off in its middle.
  private var pieceEnd: Int64 = 0
  /// The processor time at which reading fails.
  var end = Double.infinity

  private static let bufferSize = 32 * 1024

  init(_ source: any ByteSource, deadline: Deadline) throws(MediaError) {
    self.source = source
    self.deadline = deadline
    guard let buffer = unsafe av_malloc(Self.bufferSize) else { throw MediaError.memory }
    // The reader outlives the context, which it frees.
    let opaque = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe context = avio_alloc_context(
      buffer.assumingMemoryBound(to: UInt8.self), Int32(Self.bufferSize), 0, opaque,
      { opaque, buffer, size in
        let reader = unsafe Unmanaged<SourceReader>.fromOpaque(opaque!).takeUnretainedValue()
        return unsafe reader.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: Int(size)))
      }, nil,
      { opaque, offset, whence in
        unsafe Unmanaged<SourceReader>.fromOpaque(opaque!).takeUnretainedValue().seek(to: offset, whence: whence)
      })
    guard unsafe context != nil else {
      unsafe av_free(buffer)
      throw MediaError.memory
    }
  }

  deinit {
    // libavformat may have replaced the buffer, so it is taken from the context.
    if let context = unsafe context { unsafe av_freep(&context.pointee.buffer) }
    unsafe avio_context_free(&context)
  }

  /// Counts what was read of the source without libavformat.
  func note(bytes: Int64) { bytesRead += Int(max(0, bytes)) }

  /// Throws the source's error if libavformat has failed because of it.
  func rethrow() throws {
    if let failure { throw failure }
  }

  /// Lets libavformat read at most so many bytes during `work`, and the rest of a picture it has begun; after them, the file seems to end.
  ///
  /// - Returns: the result of `work`, and whether the bytes were enough.
  func whileReading<Result>(atMost bytes: Int, _ work: () -> Result) -> (result: Result, wasEnough: Bool) {
    allowance = bytes
    defer { (allowance, pieceEnd) = (.max, 0) }
    let result = work()
    return (result, allowance > 0)
  }

  private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int32 {
    if failure != nil { return AVErrorCode.exit.rawValue }
    if allowance > 0, buffer.count > Self.bufferSize { pieceEnd = position + Int64(buffer.count) }
    if allowance <= 0, position >= pieceEnd { return AVErrorCode.endOfFile.rawValue }
    do {
      if ProcessorSeconds.now >= end { throw MediaError.tooSlow }
      let bytes = try source.bytes(at: position, count: buffer.count)
      if bytes.isEmpty { return AVErrorCode.endOfFile.rawValue }
      unsafe buffer.copyBytes(from: bytes)
      position += Int64(bytes.count)
      allowance -= bytes.count
      bytesRead += bytes.count
      return Int32(bytes.count)
    } catch {
      failure = error
      return AVErrorCode.exit.rawValue
    }
  }

  /// A hostile file may name any offset. One beyond every possible file is refused, so that sums with it cannot overflow.
  private func seek(to offset: Int64, whence: Int32) -> Int64 {
    let start: Int64
    switch whence & ~AVSEEK_FORCE {
    case AVSEEK_SIZE: return source.size ?? -1
    case SEEK_SET: start = 0
    case SEEK_CUR: start = position
    case SEEK_END:
      guard let size = source.size else { return -1 }
      start = size
    default: return -1
    }
    let (target, overflows) = start.addingReportingOverflow(offset)
    guard !overflows, (0...ReadRequest.furthest).contains(target) else { return -1 }
    if target != position { pieceEnd = 0 }
    position = target
    return position
  }
}
