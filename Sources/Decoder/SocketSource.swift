internal import Decoding

/// A video whose bytes come from the worker, over the socket.
final class SocketSource: ByteSource {
  private let socket: MessageSocket
  private(set) var size: Int64?
  /// The last block, and its offset.
  private var block: [UInt8] = []
  private var start: Int64 = 0
  /// The end of the bytes that have been used.
  private var used: Int64 = 0
  /// Where the next reads will be. It is sent with the next read: a message of its own would wake the worker for nothing.
  private var expected: Range<Int64>?

  /// The size of a block, if it can be had without waiting: a small read takes as many messages as a large one.
  private static let blockBytes = 128 * 1024
  /// Reads end at multiples of this: libavformat fills its buffer, and what it does not need would count as used.
  private static let pieceBytes = 16 * 1024

  init(_ socket: MessageSocket, size: Int64?) {
    self.socket = socket
    self.size = size
  }

  func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
    // libavformat reads beyond the end again and again, so the worker is not asked there.
    let end = min(size ?? ReadRequest.furthest, ReadRequest.furthest)
    guard (0..<end).contains(offset), count > 0 else { return [] }
    if (start..<start + Int64(block.count)).contains(offset) {
      return taken(block[Int(offset - start)...].prefix(count), offset)
    }
    let count = min(count, ReadRequest.maximum)
    try socket.send(
      ReadRequest(offset: offset, count: count, welcome: max(count, Self.blockBytes), used: used, expected: expected))
    let message = try socket.receive()
    if message.type == .sourceFailed { throw try message.content(SourceFailure.self) }
    let data = try message.content(SourceData.self)
    size = data.size
    block = Array(data.bytes)
    start = offset
    used = offset
    return taken(block.prefix(count), offset)
  }

  private func taken(_ bytes: ArraySlice<UInt8>, _ offset: Int64) -> ArraySlice<UInt8> {
    let piece = bytes.prefix(Self.pieceBytes - Int(offset % Int64(Self.pieceBytes)))
    used = max(used, offset + Int64(piece.count))
    return piece
  }

  func expect(_ range: Range<Int64>) {
    let most = ReadRequest.furthest
    expected = min(max(range.lowerBound, 0), most)..<min(max(range.upperBound, 0), most)
  }
}
