package import Failures
internal import Glibc

/// A video that brought its decoder down, and how.
package struct DecoderDown: ClassifiedError, Equatable {
  /// How its decoder ended.
  package enum Way: Sendable, Equatable {
    /// The kernel ended it for a system call that is not allowed.
    case forbiddenCall
    /// It crashed by this signal.
    case crash(Int32)
    /// It used up the processor time it may use (SIGXCPU): `MEDIA_MAX_CPU`.
    case processorTime
    /// SIGKILL ended it, which the worker had not sent: the kernel where memory is short (its out-of-memory killer), or a person. A video that
    /// has taken its decoder over can come to the same by blocking SIGXCPU.
    case killed
    /// It had more than 512 threads when the worker looked.
    case tooManyThreads
    /// It neither worked nor asked for anything.
    case stoodStill(seconds: Double)
    /// It ended by itself, with this status, before it had a picture.
    case endedEarly(Int32)
    /// What it said does not follow the protocol.
    case brokeProtocol(String)
    /// The process its children are forked from is gone.
    case lost
  }

  /// Not each of them is the video's fault: ``isRetryable``.
  package let way: Way

  /// One of few words, by which such ends are counted.
  package var kind: String {
    switch way {
    case .forbiddenCall: "forbidden_call"
    case .crash: "crash"
    case .processorTime: "processor_time"
    case .tooManyThreads: "threads"
    case .killed: "killed"
    case .stoodStill: "stood_still"
    case .endedEarly: "ended_early"
    case .brokeProtocol: "broke_protocol"
    case .lost: "lost"
    }
  }

  package init(_ way: Way) {
    self.way = way
  }

  /// - Parameter status: of the child, as waitpid(2) gives it.
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

  /// `lost` where it may be no fault of the video and may not happen again: a signal from outside, a host short of memory.
  package var failureClass: FailureClass {
    switch way {
    case .killed, .lost: .lost
    default: .media
    }
  }

  /// It counts as an attempt at the video, whoever ended the decoder: else one that has itself killed would be tried for ever.
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
