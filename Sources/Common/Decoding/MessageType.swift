/// The types of messages between the worker and its decoder, one byte each.
package enum MessageType: UInt8, Sendable, CaseIterable {
  // From the worker to the decoder.
  /// ``Confinement``: always the first message.
  case configure = 1
  /// Requests a child. It has no body and passes a descriptor: the child's socket.
  case start
  /// ``EndChild``.
  case end
  // From the worker to a child.
  /// ``DecodingJob``.
  case job = 16
  /// ``SourceData``: the answer to `read`.
  case data
  /// ``SourceFailure``: the other answer to `read`.
  case sourceFailed
  // From the decoder to the worker.
  /// ``Ready``: the answer to `configure`.
  case ready = 32
  /// ``Refusal``: the other answer to `configure` or `start`; the decoder ends.
  case refused
  /// ``ChildStarted``: the answer to `start`.
  case started
  /// ``ChildEnded``: the answer to `end`.
  case ended
  // From a child to the worker.
  /// ``ReadRequest``.
  case read = 48
  /// The work has made progress. It has no body.
  case progress
  /// ``Thumbnail``: it is done.
  case picture
  /// ``DecodingFailure``: the job has ended without a picture.
  case failure
  /// ``EncodedPicture``: one of several, before `picture` or `moments`.
  case encoded
  /// ``Moments``: candidates or a storyboard are done.
  case moments

  /// The longest body in bytes. A message with a longer one is not read.
  package var maximumBytes: Int {
    switch self {
    case .progress, .start: 0
    case .configure, .end, .sourceFailed, .started, .ended, .read: 64
    case .job: 512
    case .refused: 2 << 10
    case .ready, .failure, .picture, .moments: 16 << 10
    case .data: (1 << 20) + 64
    case .encoded: EncodedPicture.maximumBytes + 256
    }
  }
}
