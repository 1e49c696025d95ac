/// What the worker and its decoder say to each other. One byte on the wire.
package enum MessageType: UInt8, Sendable, CaseIterable {
  // From the worker to the decoder.
  case configure = 1
  case start
  case end
  // From the worker to a child.
  case job = 16
  case data
  case sourceFailed
  // From the decoder to the worker.
  case ready = 32
  case refused
  case started
  case ended
  // From a child to the worker.
  case read = 48
  case progress
  case picture
  case failure
  case encoded
  case moments

  /// The longest body, in bytes. What announces more is not read.
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
