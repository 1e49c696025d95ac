import Deadlines
import Decoding
import Failures
import Glibc
import Settings
import Testing

@testable import DecoderClient

@Suite struct JobPatienceTests {
  /// Waits for a process, in whose stead a byte comes again and again.
  private func endOfTrickle(
    stillSeconds: Double, mostSeconds: Double = 60, deadline: Deadline, of program: [String] = ["/bin/sleep", "600"]
  ) throws -> (any Error)? {
    let process = try SpawnedProcess(path: program[0], arguments: Array(program[1...]), patience: .boxed)
    let (own, other) = try SpawnedProcess.pair()
    defer { for end in [own, other] { close(end) } }
    let patience = JobPatience(
      of: process.identifier, deadline: deadline, stillSeconds: stillSeconds, mostSeconds: mostSeconds, progress: {})
    var byte: UInt8 = 0
    do {
      while true {
        guard unsafe send(other, &byte, 1, Int32(MSG_NOSIGNAL)) == 1 else { return nil }
        try patience.wait(own, Int16(POLLIN))
        guard unsafe recv(own, &byte, 1, 0) == 1 else { return nil }
      }
    } catch {
      return error
    }
  }

  @Test func bytesThatMakeNoMessageAreNoWork() throws {
    let end = try endOfTrickle(stillSeconds: 0.5, deadline: .after(seconds: 60)) as? DecoderDown
    #expect(end?.kind == .stoodStill)
  }

  @Test func theDeadlineIsKeptHoweverBusyTheSocketIs() throws {
    #expect(try endOfTrickle(stillSeconds: 60, deadline: .after(seconds: 0.5)) is DeadlineExceeded)
  }

  @Test func processorTimeIsLimitedForEachVideo() throws {
    let end = try endOfTrickle(
      stillSeconds: 60, mostSeconds: 0.5, deadline: .after(seconds: 60), of: ["/bin/sh", "-c", "while :; do :; done"])
    #expect((end as? DecoderDown)?.kind == .processorTime)
  }

  @Test(
    "a deadline is the video's fault if it has taken half of its processor time",
    arguments: [(29.0, FailureClass.source), (30, .media)])
  func blame(spent: Double, failureClass: FailureClass) {
    var reader = SettingsReader(Environment([:]))
    let fault = DecoderSettings(&reader).fault(DeadlineExceeded(activity: "decoding the video"), after: spent)
    #expect((fault as? any ClassifiedError)?.failureClass == failureClass)
  }
}
