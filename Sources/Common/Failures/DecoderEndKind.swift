/// How a video brought its decoder down. The raw values are stored in the history, label a metric and are explained on the status page.
package enum DecoderEndKind: String, Sendable, CaseIterable {
  /// It sent something that does not follow the protocol.
  case brokeProtocol = "broke_protocol"
  /// A signal ended it.
  case crash
  /// It exited before it had a picture.
  case endedEarly = "ended_early"
  /// The kernel killed it for a forbidden system call.
  case forbiddenCall = "forbidden_call"
  /// It was killed by a SIGKILL that the worker did not send: from the out-of-memory killer or a person. A video that has taken over its
  /// decoder can cause the same by blocking SIGXCPU.
  case killed
  /// The process from which its children are forked is gone.
  case lost
  /// It used up its processor time: `MEDIA_MAX_CPU`, or what the kernel allows it for all its videos (SIGXCPU).
  case processorTime = "processor_time"
  /// It neither worked nor requested anything.
  case stoodStill = "stood_still"
  /// It had more than 512 threads when the worker checked.
  case threads
}
