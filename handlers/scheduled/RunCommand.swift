internal import CommandLineTool
internal import FastCGI
internal import Glibc

/// `run [--every SECONDS]`: calls retry-stuck-thumbnails once, or again and again.
struct RunCommand {
  /// Seconds from an answer to the next call, 60 to 86,400; nil for a single call.
  private let interval: UInt32?

  /// - Parameter arguments: what follows `run`.
  init(_ arguments: [String]) throws(Misuse) {
    guard !arguments.isEmpty else {
      interval = nil
      return
    }
    guard arguments.count == 2, arguments[0] == "--every", let seconds = UInt32(arguments[1]), 60...86_400 ~= seconds
    else { throw Misuse("`run` takes --every and 60 to 86400 seconds") }
    interval = seconds
  }

  /// A single call is ended by a signal at once, as any command is; repeated calls end when the one under way has its answer.
  ///
  /// - Returns: the process's exit status.
  func run(_ caller: RetryCaller) -> Int32 {
    guard let interval else { return call(caller) ? 0 : 1 }
    GracefulStop.install()
    repeat {
      _ = call(caller)
      // The log of a container is a pipe, which is buffered.
      fflush(nil)
      // In steps of a second, since a signal that came just before a long sleep would not end it.
      for _ in 0..<interval where !GracefulStop.isRequested { sleep(1) }
    } while !GracefulStop.isRequested
    return 0
  }

  private func call(_ caller: RetryCaller) -> Bool {
    let outcome = caller.call()
    let answer = String(decoding: outcome.body, as: UTF8.self)
    // A crontab drops the answers, and mails what else is said.
    if outcome.failure == nil { print(answer) } else { StandardError.write("\(answer)\n") }
    return outcome.failure == nil
  }
}
