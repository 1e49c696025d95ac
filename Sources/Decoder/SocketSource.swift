internal import Decoding

/// A video whose bytes the worker has.
final class SocketSource: ByteSource {
  private let socket: MessageSocket
  private(set) var size: Int64?
  /// What came last, and where it begins.
  private var block: [UInt8] = []
  private var start: Int64 = 0
  /// Up to which byte it has been used.
  private var used: Int64 = 0
  /// Where the next reads will be; told with the first of them, for a message of its own would wake the worker for nothing.
  private var expected: Range<Int64>?

  /// What is taken at a time where it costs no waiting: a small read is asked for as often as a large one.
  private static let blockBytes = 128 * 1024
  /// What is given at a time, up to the next multiple of it: libavformat fills its buffer, and what it does not need would count as used.
  private static let pieceBytes = 16 * 1024

  init(_ socket: MessageSocket, size: Int64?) {
    self.socket = socket
    self.size = size
  }

  func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
    // Behind the end there is nothing to ask for, and libavformat reads there again and again.
    let end = min(size ?? ReadRequest.furthest, ReadRequest.furthest)
    guard (0..<end).contains(offset), count > 0 else { return [] }
    if (start..<start + Int64(block.count)).contains(offset) {
      return taken(block[Int(offset - start)...].prefix(count), offset)
    }
    let count = min(count, ReadRequest.maximum)
    try socket.send(
      ReadRequest(offset: offset, count: count, welcome: max(count, Self.blockBytes), used: used, expected: expected))
    let message = try socket.receive()
    if message.type == .sourceFailed { throw SourceGaveOut(isOrigins: try message.content(SourceFailure.self).isOrigins) }
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
