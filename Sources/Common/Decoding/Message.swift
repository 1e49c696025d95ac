/// One message: a header of eight bytes (version, type, two zeros, length of the body in little-endian order) and a body.
package struct Message: Sendable, Equatable {
  /// The type of its content.
  package let type: MessageType
  /// The fields as a ``MessageWriter`` writes them; empty for a type without content.
  package let body: ArraySlice<UInt8>

  /// The version of the protocol. A header with another one is malformed.
  private static let version: UInt8 = 1
  /// The length of a header.
  package static let headBytes = 8

  /// A message with a finished body, or without one, as for `start` and `progress`.
  package init(_ type: MessageType, body: ArraySlice<UInt8> = []) {
    self.type = type
    self.body = body
  }

  /// Encodes the content into a body. The length is not checked here: the receiver accepts at most ``MessageType/maximumBytes``.
  package init(_ content: some MessageContent) {
    var writer = MessageWriter()
    content.write(to: &writer)
    self.init(Swift.type(of: content).type, body: writer.bytes[...])
  }

  /// The content, which has to fill the body.
  ///
  /// - Throws: `MalformedMessage` if the type is another one, a field is missing or out of range, or bytes are left over.
  package func content<Content: MessageContent>(_: Content.Type) throws(MalformedMessage) -> Content {
    guard type == Content.type else { throw MalformedMessage("a \(type) where a \(Content.type) was due") }
    var reader = MessageReader(body)
    let content = try Content(from: &reader)
    guard reader.isAtEnd else { throw MalformedMessage("a \(type) that is longer than it may be") }
    return content
  }

  /// The message as it is sent.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.headBytes + body.count)
    bytes += [Self.version, type.rawValue, 0, 0]
    unsafe withUnsafeBytes(of: UInt32(body.count).littleEndian) { unsafe bytes.append(contentsOf: $0) }
    bytes += body
    return bytes
  }

  /// Reads type and length of the body from a header.
  ///
  /// - Parameter head: eight bytes.
  /// - Throws: `MalformedMessage` for another version, an unknown type, or a body that is too long for its type.
  package static func head(_ head: ArraySlice<UInt8>) throws(MalformedMessage) -> (type: MessageType, length: Int) {
    let bytes = Array(head)
    guard bytes.count == headBytes, bytes[0] == version else {
      throw MalformedMessage("version \(bytes.first ?? 0) of the protocol, not \(version)")
    }
    guard let type = MessageType(rawValue: bytes[1]), bytes[2] == 0, bytes[3] == 0 else {
      throw MalformedMessage("a message of an unknown type")
    }
    let length = bytes[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= type.maximumBytes else { throw MalformedMessage("a \(type) of \(length) bytes") }
    return (type, length)
  }
}
