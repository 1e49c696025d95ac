internal import Deadlines
internal import Decoding
internal import Failures
internal import Glibc

/// A running decoder program: it decodes one video itself, or it is the zygote whose children decode.
final class DecoderProgram {
  private let process: SpawnedProcess
  private let limit: ReplyLimit
  private var answer: Ready?
  /// Children whose socket is closed, so that they exit.
  private var retired: [pid_t] = []
  /// How an idle child has ended, unless it exited or was killed: an earlier video has broken it, and may know the addresses that all of
  /// its siblings share.
  private(set) var broken: DecoderDown?
  private var children = 0
  /// The child that the next video will get.
  private var next: ComingChild?

  /// Starts the program without waiting until it is ready.
  ///
  /// - Parameters:
  ///   - isAlone: it decodes one video itself.
  ///   - progress: called while the program is waited for; if it throws, the wait ends.
  init(_ settings: DecoderSettings, isAlone: Bool, progress: @escaping () throws -> Void) throws {
    limit = ReplyLimit(progress)
    process = try SpawnedProcess(path: settings.path, arguments: isAlone ? ["--once"] : [], patience: .asked(limit.wait))
    do {
      try process.socket.send(settings.confinement)
    } catch is SocketClosed {
      // ``ready()`` tells why.
    }
  }

  /// Whether it works or will do so in a moment.
  ///
  /// - Throws: what `progress` threw meanwhile.
  func isReady() throws -> Bool {
    do {
      try ready()
      return true
    } catch is DecoderUnavailable {
      // Another one is started instead. If the problem lasts, that one reports it.
      return false
    }
  }

  /// Whether it may have another child. A program that has ended while it was idle may not.
  var canTakeMore: Bool {
    (children < Self.mostChildren || next != nil) && !(answer != nil && process.socket.hasHungUp)
  }

  /// The most children of one program, since nobody knows what they leave behind in it.
  private static let mostChildren = 500

  /// Waits until it is ready.
  ///
  /// - Throws: `DecoderUnavailable`; what `progress` threw.
  @discardableResult func ready() throws -> Ready {
    if let answer { return answer }
    do {
      let message = try receive()
      if message.type == .refused {
        let refusal = try message.content(Refusal.self)
        throw DecoderUnavailable(refusal.text, isPermanent: refusal.isPermanent)
      }
      let answer = try message.content(Ready.self)
      self.answer = answer
      return answer
    } catch is SocketClosed {
      if limit.end.hasPassed {
        throw DecoderUnavailable("it said nothing for \(Int(ReplyLimit.startSeconds)) seconds", isPermanent: false)
      }
      let status = process.end() ?? 0
      guard status & 0x7f == 0 else {
        throw DecoderUnavailable("it was ended by signal \(status & 0x7f) while it started", isPermanent: false)
      }
      throw DecoderUnavailable("it ended at its start with status \(status >> 8 & 0xff)")
    } catch let nonsense as MalformedMessage {
      throw DecoderUnavailable("it is of another version, or no decoder: \(nonsense)")
    }
  }

  /// Checks that everything a picture needs is there. A missing codec is reported by the video that needs it.
  ///
  /// - Throws: `DecoderUnavailable`.
  func require(_ options: ThumbnailOptions) throws {
    let encoders = options.formats.map(\.lack)
    let needed = try ready().missing.filter { $0.hasPrefix("filter ") || encoders.contains($0) }
    guard needed.isEmpty else { throw DecoderUnavailable("this host's libraries lack \(needed.joined(separator: ", "))") }
  }

  /// Starts a child for the next video, whoever uploaded it, while the worker does something else. Does nothing if the program is not ready
  /// yet, and never waits.
  ///
  /// - Throws: `DecoderDown` if the program is gone; `DecoderUnavailable`.
  func expectChild() throws {
    if answer != nil && next == nil { next = try ask(isAhead: true) }
  }

  /// A child that is locked up and has seen no video: the one that was started ahead, or a new one.
  ///
  /// - Throws: `DecoderDown` if the program is gone; `DecoderUnavailable`; `MalformedMessage`; what `progress` threw.
  func child(tenant: String?) throws -> DecodingProcess {
    if let child = next, child.socket.hasHungUp {
      // It has ended because no video came.
      retired.append(try started(child))
      next = nil
    }
    let child = try next ?? ask(isAhead: false)
    next = child
    let process = DecodingProcess(try started(child), socket: child.socket, tenant: tenant)
    next = nil
    process.hasWaited = child.isAhead
    while let ended = retired.popLast() { noteEnd(ofIdle: try end(ended)) }
    return process
  }

  private func ask(isAhead: Bool) throws -> ComingChild {
    let (own, other) = try SpawnedProcess.pair()
    defer { close(other) }
    Self.endIdle(other)
    let child = ComingChild(own, isAhead: isAhead)
    try asking { try process.socket.send(Message(.start), descriptor: other) }
    children += 1
    return child
  }

  private func started(_ child: ComingChild) throws -> pid_t {
    try hearOfNext()
    guard let answer = child.answer else { throw DecoderDown(.lost) }
    if answer.type == .refused { throw DecoderUnavailable(try answer.content(Refusal.self).text, isPermanent: false) }
    return try answer.content(ChildStarted.self).process
  }

  /// Reads the answer to a request for a child, which comes before any other.
  private func hearOfNext() throws {
    guard let child = next, child.answer == nil else { return }
    child.answer = try asking { try receive() }
  }

  /// The program itself as the decoding process, if it is alone.
  func itself() -> DecodingProcess {
    DecodingProcess(process.identifier, socket: process.socket, tenant: nil)
  }

  /// Lets a child exit while the worker goes on: freeing its memory takes some milliseconds.
  func retire(_ child: DecodingProcess) {
    retired.append(child.identifier)
  }

  /// - Parameter status: of a child that was idle.
  func noteEnd(ofIdle status: Int32) {
    let down = DecoderDown(status: status)
    if status != 0 && down.kind != .killed { broken = down }
  }

  /// Kills a child, unless it has exited already.
  ///
  /// - Returns: its status from waitpid(2).
  func end(_ child: DecodingProcess) throws -> Int32 {
    if child.identifier == process.identifier { return process.end() ?? 0 }
    return try end(child.identifier)
  }

  private func end(_ identifier: pid_t) throws -> Int32 {
    try hearOfNext()
    let message = try asking {
      try process.socket.send(EndChild(process: identifier))
      return try receive()
    }
    return try message.content(ChildEnded.self).status
  }

  private func asking<Answer>(_ work: () throws -> Answer) throws -> Answer {
    do {
      limit.end = .after(seconds: ReplyLimit.replySeconds)
      return try work()
    } catch is SocketClosed {
      process.end()
      throw DecoderDown(.lost)
    }
  }

  private func receive() throws -> Message { try process.socket.receive() }

  /// Makes an idle child exit after this time, which frees what its last video has left in memory.
  private static func endIdle(_ socket: Int32) {
    var time = timeval(tv_sec: 2, tv_usec: 0)
    unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }
}
