package import Failures
internal import Glibc

/// A video brought its decoder down.
package struct DecoderDown: ClassifiedError, Equatable {
  /// How the decoder ended.
  package enum Way: Sendable, Equatable {
    /// The kernel killed it for a forbidden system call.
    case forbiddenCall
    /// It crashed with this signal.
    case crash(Int32)
    /// It used up its processor time: `MEDIA_MAX_CPU`, or what the kernel allows it for all its videos (SIGXCPU).
    case processorTime
    /// It was killed by a SIGKILL that the worker did not send: from the out-of-memory killer or a person. A video that has taken over its
    /// decoder can cause the same by blocking SIGXCPU.
    case killed
    /// It had more than 512 threads when the worker checked.
    case tooManyThreads
    /// It neither worked nor requested anything.
    case stoodStill(seconds: Double)
    /// It exited with this status before it had a picture.
    case endedEarly(Int32)
    /// It sent something that does not follow the protocol.
    case brokeProtocol(String)
    /// The process from which its children are forked is gone.
    case lost
  }

  /// Not every way is the video's fault: see ``isRetryable``.
  package let way: Way

  package var kind: DecoderEndKind {
    switch way {
    case .forbiddenCall: .forbiddenCall
    case .crash: .crash
    case .processorTime: .processorTime
    case .tooManyThreads: .threads
    case .killed: .killed
    case .stoodStill: .stoodStill
    case .endedEarly: .endedEarly
    case .brokeProtocol: .brokeProtocol
    case .lost: .lost
    }
  }

  package init(_ way: Way) {
    self.way = way
  }

  /// - Parameter status: the child's, from waitpid(2).
  init(status: Int32) {
    let signal = status & 0x7f
    way =
      switch signal {
      case 0: .endedEarly(status >> 8 & 0xff)
      case SIGSYS: .forbiddenCall
      case SIGXCPU: .processorTime
      case SIGKILL: .killed
      default: .crash(signal)
      }
  }

  /// `lost` if the video may not be at fault and it may not happen again: a signal from outside, a host short of memory.
  package var failureClass: FailureClass {
    switch way {
    case .killed, .lost: .lost
    default: .media
    }
  }

  /// It always counts as a failed attempt, whoever killed the decoder. Otherwise a video that gets itself killed would be tried for ever.
  package var consequence: FailureClass.Consequence { .fail }

  package var description: String {
    switch way {
    case .forbiddenCall: "the video made its decoder try a forbidden system call"
    case .crash(let signal): "the video crashed its decoder (signal \(signal))"
    case .processorTime: "the video took more processor time than a decoder may use (MEDIA_MAX_CPU)"
    case .tooManyThreads: "the video made its decoder start more threads than it may"
    case .killed: "the decoder was killed while it had the video: by a person, or by the out-of-memory killer of this host"
    case .stoodStill(let seconds): "the decoder stood still over the video for \((seconds * 10).rounded() / 10) seconds"
    case .endedEarly: "the video made its decoder end early"
    case .brokeProtocol: "the video made its decoder talk nonsense"
    case .lost: "the decoder was lost while it had the video"
    }
  }

  package var debugDescription: String {
    switch way {
    case .endedEarly(let status): "\(description) (status \(status))"
    case .brokeProtocol(let what): "\(description) (\(what))"
    default: description
    }
  }
}
