internal import CGlibc
internal import Glibc

/// Sends and receives messages over a connected stream socket, which it closes at the end.
package final class MessageSocket {
  /// How one side waits for the other.
  package enum Patience {
    /// It blocks, with plain `recv` and `send`, which the box allows.
    case boxed
    /// It blocks, and can pass descriptors.
    case control
    /// The closure is called each time nothing can be read or written. It waits, and throws when it has waited long enough.
    case asked((_ descriptor: Int32, _ events: Int16) throws -> Void)
  }

  /// Only to be waited on with poll(2): it is read, written and closed here.
  package let descriptor: Int32
  package var patience: Patience
  /// Whether the socket's read time-out (`SO_RCVTIMEO`) ends a read.
  package var endsWhenIdle = false
  private var buffer: [UInt8]
  private var filled = 0..<0
  /// A descriptor that came with the last message. Whoever takes it has to close it.
  private var passed: Int32 = -1

  /// Takes ownership of the descriptor of a connected stream socket.
  package init(_ descriptor: Int32, patience: Patience) {
    self.descriptor = descriptor
    self.patience = patience
    let size = if case .control = patience { 4096 } else { 160 * 1024 }
    buffer = [UInt8](repeating: 0, count: size)
  }

  deinit {
    if passed >= 0 { close(passed) }
    close(descriptor)
  }

  /// Whether bytes have been read that do not belong to a finished message.
  package var hasUnread: Bool { !filled.isEmpty }

  /// Whether the other side has closed its end, so that nothing more will come.
  package var hasHungUp: Bool {
    var entry = pollfd(fd: descriptor, events: 0, revents: 0)
    return unsafe poll(&entry, 1, 0) > 0
  }

  /// The descriptor that came with the last message, once; nil if none did.
  package func takeDescriptor() -> Int32? {
    defer { passed = -1 }
    return passed >= 0 ? passed : nil
  }

  /// Sends a whole message, and waits until that is done.
  ///
  /// - Parameter passing: a descriptor to pass along (`SCM_RIGHTS`), which stays open here; -1 for none. A boxed side cannot pass one.
  /// - Throws: `SocketClosed` if the other side reads no more; what the patience threw.
  package func send(_ message: Message, descriptor passing: Int32 = -1) throws {
    let bytes = message.bytes
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { all in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: all[sent...])
        return switch patience {
        case .boxed: unsafe Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        case .control: unsafe csock_send(descriptor, rest.baseAddress, rest.count, sent == 0 ? passing : -1, 0)
        case .asked:
          unsafe csock_send(descriptor, rest.baseAddress, rest.count, sent == 0 ? passing : -1, Int32(MSG_DONTWAIT))
        }
      }
      if count >= 0 { sent += count } else { try wait(Int16(POLLOUT)) }
    }
  }

  /// Sends the content as a message, in the same way.
  package func send(_ content: some MessageContent) throws {
    try send(Message(content))
  }

  /// Receives the next message.
  ///
  /// - Throws: `SocketClosed` at the end; `MalformedMessage`; what the patience threw.
  package func receive() throws -> Message {
    let (type, length) = try Message.head(take(Message.headBytes))
    return Message(type, body: try take(length))
  }

  private func take(_ count: Int) throws -> ArraySlice<UInt8> {
    if count > buffer.count {
      // A picture is the one message that is longer than the buffer.
      var whole = Array(buffer[filled])
      filled = 0..<0
      whole.reserveCapacity(count)
      while whole.count < count {
        try fill()
        let part = filled.prefix(count - whole.count)
        whole += buffer[part]
        filled = part.upperBound..<filled.upperBound
      }
      return whole[...]
    }
    while filled.count < count {
      if filled.lowerBound + count > buffer.count || filled.isEmpty { moveToFront() }
      try fill()
    }
    defer { filled = filled.lowerBound + count..<filled.upperBound }
    return buffer[filled.prefix(count)]
  }

  private func moveToFront() {
    if !filled.isEmpty && filled.lowerBound > 0 { buffer.replaceSubrange(0..<filled.count, with: Array(buffer[filled])) }
    filled = 0..<filled.count
  }

  private func fill() throws {
    if filled.isEmpty { filled = 0..<0 }
    while true {
      let space = filled.upperBound
      let count = unsafe buffer.withUnsafeMutableBytes { all in
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: all[space...])
        var came: Int32 = -1
        defer { if came >= 0 { keep(came) } }
        return switch patience {
        case .boxed: unsafe recv(descriptor, rest.baseAddress, rest.count, 0)
        case .control: unsafe csock_receive(descriptor, rest.baseAddress, rest.count, &came, 0)
        case .asked: unsafe recv(descriptor, rest.baseAddress, rest.count, Int32(MSG_DONTWAIT))
        }
      }
      if count == 0 { throw SocketClosed() }
      if count > 0 {
        filled = filled.lowerBound..<space + count
        return
      }
      try wait(Int16(POLLIN))
    }
  }

  private func keep(_ descriptor: Int32) {
    if passed >= 0 { close(passed) }
    passed = descriptor
  }

  private func wait(_ events: Int16) throws {
    switch errno {
    case EINTR: return
    case EAGAIN:
      switch patience {
      case .asked(let ask): try ask(descriptor, events)
      // The socket's time-out is for the time between two jobs. Within a job, the worker decides when it has taken too long.
      case .boxed where endsWhenIdle: throw SocketClosed()
      case .boxed: return
      case .control: throw SocketClosed()
      }
    default: throw SocketClosed()
    }
  }
}
