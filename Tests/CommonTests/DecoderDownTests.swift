import Failures
import Testing

@testable import DecoderClient

@Suite struct DecoderDownTests {
  @Test(
    "how a child has ended, by what waitpid says",
    arguments: [
      (31, DecoderEndKind.forbiddenCall, false), (24, .processorTime, false), (9, .killed, true), (11, .crash, false),
      // With a core dump, which sets another bit.
      (0x80 | 6, .crash, false),
      (0, .endedEarly, false), (78 << 8, .endedEarly, false), (255 << 8, .endedEarly, false),
    ] as [(Int32, DecoderEndKind, Bool)])
  func ends(status: Int32, kind: DecoderEndKind, isRetryable: Bool) {
    let down = DecoderDown(status: status)
    #expect(down.kind == kind)
    #expect(down.isRetryable == isRetryable)
    #expect(down.failureClass == (isRetryable ? .lost : .media))
    // It counts: who has itself killed is not tried for ever.
    #expect(down.consequence == .fail)
    #expect(!down.description.isEmpty)
  }

  @Test("a status is for the log alone, a signal for anyone") func statusIsNotShown() {
    #expect(DecoderDown(status: 11).description == "the video crashed its decoder (signal 11)")
    let down = DecoderDown(status: 3 << 8)
    #expect(down.description == "the video made its decoder end early")
    #expect(down.debugDescription == "the video made its decoder end early (status 3)")
  }
}
