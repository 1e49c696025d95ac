internal import Deadlines
package import Decoding
internal import Failures
package import Logging

/// Lets pictures be made in a box: gives each job to a process of the decoder, interprets how that has ended, and tries again.
package final class Decoder {
  private let settings: DecoderSettings
  let processes: DecoderProcesses
  let logger: Logger

  /// How often a video is tried within its claim, and how often if the decoder's end was not the video's fault.
  private static func tries(after down: DecoderDown) -> Int {
    // What took all its processor time would take it again, and keep the worker for as long.
    if down.kind == .processorTime { return 1 }
    return down.isRetryable ? 4 : 2
  }

  /// How long the decoder's program lives.
  package enum Style: Sendable {
    /// The program stays, and its children decode. For a worker that serves many videos.
    case lasting
    /// Each video has its own program. For CGI and `render`.
    case once
  }

  /// Starts nothing yet. Logs a warning if decoders run without the box. Must be used by one thread at a time.
  ///
  /// - Parameter logger: for what concerns no single video; a request has its own.
  package init(_ settings: DecoderSettings, style: Style, logger: Logger) {
    self.settings = settings
    self.logger = logger
    processes = DecoderProcesses(settings, style: style, logger: logger)
    if settings.sandbox == .off { logger.warning("videos are decoded without a box: MEDIA_SANDBOX is off") }
  }

  /// Starts the program, so that the first video need not wait for it.
  ///
  /// - Returns: one line about the decoder.
  /// - Throws: `DecoderUnavailable` if this host cannot make thumbnails.
  @discardableResult package func start() throws -> String {
    let ready = try processes.readyProgram().ready()
    let missing = Self.needed(ready.missing, for: [])
    if !missing.isEmpty {
      logger.error("the libraries of this host lack something", [.detail: .foreign(missing.joined(separator: ", "))])
    }
    return "\(ready.library), \(settings.sandbox == .off ? "NOT in a box (MEDIA_SANDBOX=off)" : "in a box")"
  }

  /// Does the job and waits for its result. If the video brings its decoder down, another decoder tries: twice in all, four times if the
  /// video may not be at fault (``DecoderDown/isRetryable``), never if its processor time is used up, and never after the deadline.
  ///
  /// - Throws: `MediaError`, `DecoderDown`, `DecoderUnavailable`, `DeadlineExceeded`, or what the source or `progress` threw.
  package func make(
    _ task: DecodingTask = .thumbnail, of source: any ByteSource, limits: MediaLimits, options: ThumbnailOptions, _ terms: Terms
  ) throws -> DecodingResult {
    let request = Request(task: task, source: source, limits: limits, options: options, terms: terms)
    processes.progress = terms.progress
    defer { processes.progress = {} }
    var tries = 1
    while true {
      do {
        return try attempt(request)
      } catch let down as DecoderDown {
        terms.onDecoderDown(down)
        guard !terms.deadline.hasPassed, tries < Self.tries(after: down) else { throw down }
        // Memory can fail, and people kill processes. Only what happens twice is blamed on the video.
        tries += 1
        terms.logger.warning("the decoder was brought down; once more", [.error: .foreign(down.debugDescription)])
        try terms.progress()
      }
    }
  }

  /// Starts a child for a video that will come soon, while the worker prepares it.
  ///
  /// - Parameter tenant: the uploader; nil if not known.
  package func expect(tenant: String?) { processes.expect(tenant: tenant) }

  private func attempt(_ request: Request) throws -> DecodingResult {
    let tenant = request.terms.tenant
    if let kept = processes.takeKept(for: tenant), let result = try run(request, in: kept) { return result }
    // The second time is for a child that was started ahead and has ended because no video came for too long.
    for _ in 0..<2 {
      if let result = try run(request, in: processes.fresh(for: tenant, request.options)) { return result }
    }
    throw DecoderDown(.lost)
  }

  /// - Returns: nil if the process had ended while it was idle, or had too little memory left after other videos.
  private func run(_ request: Request, in process: DecodingProcess) throws -> DecodingResult? {
    let terms = request.terms
    let patience = JobPatience(
      of: process.identifier, deadline: terms.deadline, stillSeconds: terms.stillSeconds,
      mostSeconds: Double(settings.maximumCPUSeconds), progress: terms.progress)
    let conversation = Conversation(
      socket: process.socket, source: request.source, patience: patience, progress: terms.progress)
    let job = DecodingJob(
      request.task, limits: request.limits, options: request.options, seconds: terms.deadline.secondsLeft,
      size: request.source.size)
    do {
      let result = try process.run(patience) { try conversation.run(job) }
      log(result.log, terms.logger)
      processes.keep(process)
      return result
    } catch is SocketClosed {
      let hadNothingToDo = process.hasWaited && !patience.hasMoved
      let status = processes.end(process)
      guard hadNothingToDo else {
        let fault = fault(of: status, hasMoved: patience.hasMoved)
        if process.mayHaveLeftovers(of: fault) { return nil }
        throw fault
      }
      if let status { processes.noteEnd(ofIdle: status) }
      return nil
    } catch let reported as ReportedFailure {
      log(reported.log, terms.logger)
      processes.end(process)
      if process.mayHaveLeftovers(of: reported.error) { return nil }
      throw settings.fault(reported.error, after: patience.spentSeconds)
    } catch {
      processes.end(process)
      processes.replaceProgram()
      throw settings.fault(error, after: patience.spentSeconds)
    }
  }

  /// Interprets the end of a process that had a video.
  ///
  /// - Parameter status: nil if it is not known.
  private func fault(of status: Int32?, hasMoved: Bool) -> any Error {
    guard let status else { return DecoderDown(.lost) }
    let down = DecoderDown(status: status)
    // A child that has sent nothing has not seen a byte of a video, so this host is at fault. After that, a hostile video may have caused
    // the end to make this host look unable to work.
    if down.kind == .endedEarly, !hasMoved {
      return DecoderUnavailable(
        status >= Self.unlocked
          ? "its child cannot be locked up: \(String(errno: (status - Self.unlocked) >> 8))"
          : "it ended before it asked for anything (\(down.detail)): is it of another version?")
    }
    processes.replaceProgram()
    return status == Self.outOfMemory ? MediaError.memory : down
  }

  /// `BOX_UNLOCKED`, to which an error number is added, and `BOX_OUT_OF_MEMORY` of `confinement.h`, as waitpid(2) tells them.
  private static let unlocked: Int32 = 128 << 8
  private static let outOfMemory: Int32 = 71 << 8

  private func log(_ lines: [String], _ logger: Logger) {
    if !lines.isEmpty { logger.debug("FFmpeg", [.detail: .foreign(lines.joined(separator: "; "))]) }
  }
}
