internal import Decoding
internal import Failures

/// One job from the worker's side: it answers the decoder's requests until a picture comes, or the reason why there is none. Everything
/// that the decoder sends is taken to be hostile.
struct Conversation {
  let socket: MessageSocket
  let source: any ByteSource
  let patience: JobPatience
  let progress: () throws -> Void

  /// A decoder that sends more messages than this in a job is flooding the worker.
  private static let maximumMessages = 200_000

  /// - Throws: `ReportedFailure` with the decoder's reason; what `progress` threw; `DecoderDown`; `DeadlineExceeded`; `SocketClosed`.
  func run(_ job: DecodingJob) throws -> DecodingResult {
    var sourceError: (any Error)?
    var pictures = PictureCheck(job)
    do {
      try socket.send(job)
      for _ in 0..<Self.maximumMessages {
        let message = try socket.receive()
        try patience.moved()
        switch message.type {
        case .read: try answer(message.content(ReadRequest.self), &sourceError)
        case .progress: try progress()
        case .encoded: try pictures.add(message.content(EncodedPicture.self))
        case .picture:
          try end()
          return .thumbnail(try pictures.complete(message.content(Thumbnail.self)))
        case .moments:
          try end()
          return .moments(try pictures.complete(message.content(Moments.self)))
        case .failure: throw outcome(of: try message.content(DecodingFailure.self), sourceError)
        default: throw MalformedMessage("a \(message.type) in the middle of a job")
        }
      }
      throw MalformedMessage("more than \(Self.maximumMessages) messages")
    } catch let nonsense as MalformedMessage {
      throw DecoderDown(.brokeProtocol, nonsense.description)
    }
  }

  /// Refuses further bytes, which would be taken for an answer to the next job.
  private func end() throws(MalformedMessage) {
    if socket.hasUnread { throw MalformedMessage("more than was asked for") }
  }

  private func answer(_ request: ReadRequest, _ sourceError: inout (any Error)?) throws {
    let bytes: ArraySlice<UInt8>
    do {
      // The time that the read takes is the origin's, whether it succeeds or not.
      defer { patience.answers() }
      bytes = try read(request)
    } catch let error as any ClassifiedError
      where error.failureClass.isOrigins || [.media, .forbidden].contains(error.failureClass)
    {
      // The decoder is told and goes on, since it may have a picture that will do.
      sourceError = error
      return try socket.send(SourceFailure(isOrigins: error.failureClass != .forbidden, isLimit: error.isLimit))
    }
    try socket.send(SourceData(size: source.size, bytes: bytes))
  }

  /// The bytes that are needed, and more if they can be had without waiting.
  private func read(_ request: ReadRequest) throws -> ArraySlice<UInt8> {
    source.used(until: request.used)
    if let expected = request.expected { source.expect(expected) }
    var bytes = try source.bytes(at: request.offset, count: request.count)
    while !bytes.isEmpty && bytes.count < request.welcome {
      let more = try source.atHand(at: request.offset + Int64(bytes.count), count: request.welcome - bytes.count)
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }

  private func outcome(of failure: DecodingFailure, _ sourceError: (any Error)?) -> any Error {
    switch failure.reason {
    case .media: return ReportedFailure(error: MediaError(failure.kind, failure.text, detail: failure.detail), log: failure.log)
    case .deadline: return ReportedFailure(error: DeadlineExceeded(activity: "decoding the video"), log: failure.log)
    case .source:
      guard let sourceError else { return MalformedMessage("a source that failed and did not") }
      return ReportedFailure(error: sourceError, log: failure.log)
    }
  }
}
