package import Failures
internal import Glibc

/// A video brought its decoder down.
package struct DecoderDown: ClassifiedError, Equatable {
  /// Not every way is the video's fault: see ``isRetryable``.
  package let kind: DecoderEndKind
  /// A signal, a status, a number of seconds, or what it sent; empty for the other kinds.
  let detail: String

  init(_ kind: DecoderEndKind, _ detail: String = "") {
    self.kind = kind
    self.detail = detail
  }

  /// - Parameter status: the child's, from waitpid(2).
  init(status: Int32) {
    let signal = status & 0x7f
    switch signal {
    case 0: self.init(.endedEarly, "status \(status >> 8 & 0xff)")
    case SIGSYS: self.init(.forbiddenCall)
    case SIGXCPU: self.init(.processorTime)
    case SIGKILL: self.init(.killed)
    default: self.init(.crash, "\(signal)")
    }
  }

  /// `lost` if the video may not be at fault and it may not happen again: a signal from outside, a host short of memory.
  package var failureClass: FailureClass {
    switch kind {
    case .killed, .lost: .lost
    default: .media
    }
  }

  /// It always counts as a failed attempt, whoever killed the decoder. Otherwise a video that gets itself killed would be tried for ever.
  package var consequence: FailureClass.Consequence { .fail }

  package var description: String {
    switch kind {
    case .forbiddenCall: "the video made its decoder try a forbidden system call"
    case .crash: "the video crashed its decoder (signal \(detail))"
    case .processorTime: "the video took more processor time than a decoder may use (MEDIA_MAX_CPU)"
    case .threads: "the video made its decoder start more threads than it may"
    case .killed: "the decoder was killed while it had the video: by a person, or by the out-of-memory killer of this host"
    case .stoodStill: "the decoder stood still over the video for \(detail) seconds"
    case .endedEarly: "the video made its decoder end early"
    case .brokeProtocol: "the video made its decoder talk nonsense"
    case .lost: "the decoder was lost while it had the video"
    }
  }

  package var debugDescription: String {
    [.endedEarly, .brokeProtocol].contains(kind) ? "\(description) (\(detail))" : description
  }
}
