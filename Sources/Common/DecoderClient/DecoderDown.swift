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
    /// Somebody else ended it: the kernel where memory is short, or a person.
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

  /// It counts as an attempt at the video, whoever ended the decoder; ``isRetryable`` tells whether there is another.
  package var failureClass: FailureClass { .media }

  /// A signal from outside, or a host short of memory, is not the video's fault and may not happen again.
  package var isRetryable: Bool {
    switch way {
    case .killed, .lost: true
    default: false
    }
  }

  package var description: String {
    switch way {
    case .forbiddenCall: "the video made its decoder try a forbidden system call"
    case .crash(let signal): "the video crashed its decoder (signal \(signal))"
    case .processorTime: "the video took more processor time than a decoder may use (MEDIA_MAX_CPU)"
    case .tooManyThreads: "the video made its decoder start more threads than it may"
    case .killed: "the decoder was killed while it had the video, perhaps because this host is short of memory"
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
