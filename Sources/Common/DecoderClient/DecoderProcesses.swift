internal import Decoding
internal import Logging

/// The decoder's processes: a program, which is replaced when it may no longer be trusted, and the child that may serve another video.
final class DecoderProcesses {
  private let settings: DecoderSettings
  private let style: Decoder.Style
  private let logger: Logger
  private var program: DecoderProgram?
  /// The child that served the last video and may serve the next one.
  private var kept: DecodingProcess?
  /// Keeps the lease of the video in hand while the program is starting or answering.
  var progress: () throws -> Void = {}

  init(_ settings: DecoderSettings, style: Decoder.Style, logger: Logger) {
    self.settings = settings
    self.style = style
    self.logger = logger
  }

  /// The program; a new one if there is none, or it may have no more children.
  ///
  /// - Throws: `DecoderUnavailable`; what `progress` threw.
  func readyProgram() throws -> DecoderProgram {
    if let broken = program?.broken {
      logger.warning("a decoder broke after its video; all are replaced", [.error: .foreign(broken.debugDescription)])
      program = nil
    }
    // A program that was killed while it was idle is simply replaced.
    if let program, program.canTakeMore, try program.isReady() { return program }
    kept = nil
    program = nil
    let fresh = try newProgram()
    try fresh.ready()
    program = fresh
    return fresh
  }

  private func newProgram() throws -> DecoderProgram {
    try DecoderProgram(settings, isAlone: style == .once, progress: { [weak self] in try self?.progress() })
  }

  /// See ``Decoder/expect(tenant:)``.
  func expect(tenant: String?) {
    guard style == .lasting, let program, program.canTakeMore else { return }
    if let kept, isUsable(kept, for: tenant) { return }
    do {
      try program.expectChild()
      if let kept { program.retire(kept) }
    } catch {
      // The video will start another program, or be told why there is none.
      logger.warning("no child can be started ahead", cause: "\(error)")
      self.program = nil
    }
    kept = nil
  }

  /// The process that served the last video, if it may serve one of this tenant.
  func takeKept(for tenant: String?) -> DecodingProcess? {
    guard let process = kept else { return nil }
    kept = nil
    if isUsable(process, for: tenant) { return process }
    program?.retire(process)
    return nil
  }

  private func isUsable(_ process: DecodingProcess, for tenant: String?) -> Bool {
    process.tenant == tenant && process.processorSeconds < settings.cpuSecondsOfVideosBefore
  }

  /// A process that has seen no video.
  ///
  /// - Throws: `DecoderUnavailable`, also if something lacks that these pictures need; `DecoderDown`; what `progress` threw.
  func fresh(for tenant: String?, _ options: ThumbnailOptions) throws -> DecodingProcess {
    let program = try readyProgram()
    try program.require(options)
    if style == .once { return program.itself() }
    do {
      return try program.child(tenant: tenant)
    } catch {
      self.program = nil
      // The program itself sees no video, so it may be of another version.
      throw error is MalformedMessage ? DecoderUnavailable("its program says what cannot be understood: \(error)") : error
    }
  }

  /// Takes back a process that has served a video.
  func keep(_ process: DecodingProcess) {
    process.videos += 1
    process.hasWaited = true
    if style == .once {
      end(process)
    } else if process.tenant != nil, process.videos < settings.jobsPerChild {
      kept = process
    } else {
      program?.retire(process)
    }
  }

  /// Ends a process that may not serve another video.
  ///
  /// - Returns: its status; nil if the program is gone, too.
  @discardableResult func end(_ process: DecodingProcess) -> Int32? {
    defer { if style == .once { program = nil } }
    do {
      return try program?.end(process)
    } catch {
      logger.warning("the decoder is gone", cause: "\(error)")
      program = nil
      return nil
    }
  }

  /// - Parameter status: of a child that was idle.
  func noteEnd(ofIdle status: Int32) { program?.noteEnd(ofIdle: status) }

  /// Replaces the program, since a hostile video may know its addresses. The new one starts while the worker goes on.
  func replaceProgram() {
    guard style == .lasting else { return }
    program = nil
    kept = nil
    do {
      program = try newProgram()
    } catch {
      // The next video tries again, and reports the reason.
      logger.warning("the decoder cannot be started", cause: "\(error)")
    }
  }
}
