import Deadlines
import Decoding
import Failures
import Foundation
import Glibc
import Testing
import Transfer

@testable import DecoderClient

@Suite struct ConversationTests {
  /// An origin that is waited for longer than a decoder may stand still, and fails then.
  private final class SilentSource: ByteSource {
    let size: Int64? = nil
    let seconds: Double
    let fails: () -> Void

    init(seconds: Double, fails: @escaping () -> Void) {
      self.seconds = seconds
      self.fails = fails
    }

    func bytes(at offset: Int64, count: Int) throws -> ArraySlice<UInt8> {
      Thread.sleep(forTimeInterval: seconds)
      fails()
      throw SourceError(.source, "the origin is silent")
    }
  }

  @Test func aDecoderThatWaitsForAnOriginDoesNotStandStill() throws {
    let sleeper = try SpawnedProcess(path: "/bin/sleep", arguments: ["600"], patience: .boxed)
    let (own, other) = try SpawnedProcess.pair()
    defer { close(other) }
    let patience = JobPatience(
      of: sleeper.identifier, deadline: .after(seconds: 60), stillSeconds: 2, mostSeconds: 60, progress: {})
    let read = Message(ReadRequest(offset: 0, count: 1, welcome: 1)).bytes
    let end = Message(DecodingFailure(reason: .source, text: "", log: [])).bytes
    let source = SilentSource(seconds: 2.2) {
      // Not before it is waited for.
      Thread.detachNewThread {
        Thread.sleep(forTimeInterval: 0.1)
        unsafe _ = send(other, end, end.count, 0)
      }
    }
    unsafe _ = send(other, read, read.count, 0)
    let conversation = Conversation(
      socket: MessageSocket(own, patience: .asked(patience.wait)), source: source, patience: patience, progress: {})
    let failure = #expect(throws: ReportedFailure.self) {
      try conversation.run(DecodingJob(limits: MediaLimits(), options: ThumbnailOptions(), seconds: 60, size: nil))
    }
    #expect((failure?.error as? SourceError)?.description == "the origin is silent")
  }
}
