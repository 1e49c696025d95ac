internal import Deadlines
package import Decoding
internal import Failures
package import Logging

/// Has pictures made in a box: starts the decoder's processes, talks to them, ends them, and says of each end what it means.
package final class Decoder {
  private let settings: DecoderSettings
  private let style: Style
  let logger: Logger
  private var program: DecoderProgram?
  /// The child that served the last video and may serve the next.
  private var child: DecodingProcess?
  /// What keeps the lease of the video in hand while the program is waited for.
  private var progress: () throws -> Void = {}

  /// How often a video is tried within its claim, and how often where it was not the video that ended the decoder.
  private static let tries = 2
  private static let triesOfUnlucky = 4

  /// How long its program lives: a worker that stays keeps it, CGI and `render` do not.
  package enum Style: Sendable {
    /// A program that stays, and whose children decode.
    case lasting
    /// A program for each video.
    case once
  }

  /// Starts nothing yet. Without the box it warns of that. To be used by one thread at a time.
  ///
  /// - Parameter logger: for what concerns no single video; a request brings its own.
  package init(_ settings: DecoderSettings, style: Style, logger: Logger) {
    self.settings = settings
    self.style = style
    self.logger = logger
    if settings.sandbox == .off { logger.warning("videos are decoded without a box: MEDIA_SANDBOX is off") }
  }

  /// Starts the program, so that the first video need not wait for it.
  ///
  /// - Returns: what there is to know about it, in one line.
  /// - Throws: `DecoderUnavailable` where this host cannot make thumbnails.
  @discardableResult package func start() throws -> String {
    let ready = try readyProgram().ready()
    let missing = Self.needed(ready.missing, for: [])
    if !missing.isEmpty {
      logger.error("the libraries of this host lack something", [.detail: .foreign(missing.joined(separator: ", "))])
    }
    return "\(ready.library), \(settings.sandbox == .off ? "NOT in a box (MEDIA_SANDBOX=off)" : "in a box")"
  }

  /// Has it made, and waits for that. Where the video brings its decoder down, another decoder tries: twice in all, four times where it may be
  /// no fault of the video (``DecoderDown/isRetryable``), and never after the deadline.
  ///
  /// - Throws: `MediaError`, `DecoderDown`, `DecoderUnavailable`, `DeadlineExceeded`, or what the source or `progress` threw.
  package func make(_ request: Request) throws -> DecodingResult {
    progress = request.progress
    defer { progress = {} }
    var tries = 1
    while true {
      do {
        return try attempt(request)
      } catch let down as DecoderDown {
        request.broughtDown(down)
        guard !request.deadline.hasPassed, tries < (down.isRetryable ? Self.triesOfUnlucky : Self.tries) else { throw down }
        // Memory fails, and people kill processes: only what happens twice is the video's.
        tries += 1
        request.logger.warning("the decoder was brought down; once more", [.error: .foreign(down.debugDescription)])
        try request.progress()
      }
    }
  }

  /// Has a child start for a video that is about to come, beside what the worker does until it has it at hand.
  ///
  /// - Parameter tenant: whose video it will be; nil where nobody knows.
  package func expect(tenant: String?) {
    guard style == .lasting, let program, program.canTakeMore else { return }
    if let child, isUsable(child, for: tenant) { return }
    do {
      try program.expectChild()
      if let child { program.retire(child) }
    } catch {
      // The video starts another program, or hears why there is none.
      logger.warning("no child can be started ahead", cause: "\(error)")
      self.program = nil
    }
    child = nil
  }

  private func isUsable(_ kept: DecodingProcess, for tenant: String?) -> Bool {
    kept.tenant == tenant && kept.videos < settings.jobsPerChild && kept.processorSeconds < settings.cpuSecondsOfVideosBefore
  }

  private func attempt(_ request: Request) throws -> DecodingResult {
    if let kept = child {
      child = nil
      if !isUsable(kept, for: request.tenant) {
        program?.retire(kept)
      } else if let result = try run(request, in: kept) {
        return result
      }
    }
    // Once more where there was no video for so long that the first had ended.
    for _ in 0..<2 {
      let program = try readyProgram()
      try program.require(request.options)
      let process = style == .once ? program.itself() : try child(of: program, request.tenant)
      if let result = try run(request, in: process) { return result }
    }
    throw DecoderDown(.lost)
  }

  /// - Returns: nil where the process had ended while nobody asked it anything, or had too little memory left after other videos.
  private func run(_ request: Request, in process: DecodingProcess) throws -> DecodingResult? {
    let patience = JobPatience(
      of: process.identifier, deadline: request.deadline, stillSeconds: request.stillSeconds, progress: request.progress)
    let conversation = Conversation(
      socket: process.socket, source: request.source, patience: patience, progress: request.progress)
    let job = DecodingJob(
      request.task, limits: request.limits, options: request.options, seconds: request.deadline.secondsLeft,
      size: request.source.size)
    do {
      let answer = try process.run(patience) { try conversation.run(job) }
      log(answer.log, request.logger)
      keep(process)
      return answer.result
    } catch is SocketClosed {
      let hadNothingToDo = process.hasWaited && !patience.hasMoved
      let status = end(process)
      guard hadNothingToDo else { throw fault(of: status, hasMoved: patience.hasMoved) }
      if let status { program?.noteEnd(ofIdle: status) }
      return nil
    } catch let reported as ReportedFailure {
      log(reported.log, request.logger)
      end(process)
      // Its heap may hold what the videos before have left.
      if process.videos > 0, (reported.error as? MediaError)?.kind == .outOfMemory { return nil }
      throw reported.error
    } catch {
      end(process)
      replaceProgram()
      throw error
    }
  }

  /// What the end of a process means that had a video.
  ///
  /// - Parameter status: nil where nobody knows.
  private func fault(of status: Int32?, hasMoved: Bool) -> any Error {
    guard let status else { return DecoderDown(.lost) }
    let down = DecoderDown(status: status)
    // A child that has said nothing has seen no byte of a video. Any other end may be a hostile video's, which would have this host taken for
    // one that cannot work.
    if case .endedEarly(let status) = down.way, !hasMoved {
      return DecoderUnavailable(
        status == Self.unlocked
          ? "its child cannot be locked up"
          : "it ended before it asked for anything (status \(status)): is it of another version?")
    }
    replaceProgram()
    return down
  }

  /// `BOX_UNLOCKED` of `confinement.h`.
  private static let unlocked: Int32 = 78

  private func keep(_ process: DecodingProcess) {
    process.videos += 1
    process.hasWaited = true
    if style == .lasting, process.tenant != nil, process.videos < settings.jobsPerChild {
      child = process
    } else if style == .lasting {
      program?.retire(process)
    } else {
      end(process)
    }
  }

  /// - Returns: its status; nil where the program is gone, too.
  @discardableResult private func end(_ process: DecodingProcess) -> Int32? {
    defer { if style == .once { program = nil } }
    do {
      return try program?.end(process)
    } catch {
      logger.warning("the decoder is gone", cause: "\(error)")
      program = nil
      return nil
    }
  }

  private func child(of program: DecoderProgram, _ tenant: String?) throws -> DecodingProcess {
    do {
      return try program.child(tenant: tenant)
    } catch {
      self.program = nil
      // The program itself sees no video: it is of another version perhaps.
      throw error is MalformedMessage ? DecoderUnavailable("its program says what cannot be understood: \(error)") : error
    }
  }

  func readyProgram() throws -> DecoderProgram {
    if let broken = program?.broken {
      logger.warning("a decoder broke after its video; all are replaced", [.error: .foreign(broken.debugDescription)])
      program = nil
    }
    // One that was killed while it had nothing to do is nobody's fault.
    if let kept = program, kept.canTakeMore, try kept.isReady() { return kept }
    child = nil
    program = nil
    let fresh = try newProgram()
    try fresh.ready()
    program = fresh
    return fresh
  }

  private func newProgram() throws -> DecoderProgram {
    try DecoderProgram(settings, isAlone: style == .once, progress: { [weak self] in try self?.progress() })
  }

  /// Another program takes the place of the one whose addresses a hostile video may know by now. It gets ready by itself.
  private func replaceProgram() {
    guard style == .lasting else { return }
    program = nil
    child = nil
    do {
      program = try newProgram()
    } catch {
      // The next video tries again, and hears why.
      logger.warning("the decoder cannot be started", cause: "\(error)")
    }
  }

  private func log(_ lines: [String], _ logger: Logger) {
    if !lines.isEmpty { logger.debug("FFmpeg", [.detail: .foreign(lines.joined(separator: "; "))]) }
  }
}
