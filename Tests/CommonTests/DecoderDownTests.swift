import Failures
import Testing

@testable import DecoderClient

@Suite struct DecoderDownTests {
  @Test(
    "how a child has ended, by what waitpid says",
    arguments: [
      (31, DecoderDown.Way.forbiddenCall, false), (24, .processorTime, false), (9, .killed, true), (11, .crash(11), false),
      // With a core dump, which sets another bit.
      (0x80 | 6, .crash(6), false),
      (0, .endedEarly(0), false), (78 << 8, .endedEarly(78), false), (255 << 8, .endedEarly(255), false),
    ] as [(Int32, DecoderDown.Way, Bool)])
  func ends(status: Int32, way: DecoderDown.Way, isRetryable: Bool) {
    let down = DecoderDown(status: status)
    #expect(down.way == way)
    #expect(down.isRetryable == isRetryable)
    #expect(down.failureClass == (isRetryable ? .lost : .media))
    // It counts: who has itself killed is not tried for ever.
    #expect(down.consequence == .fail)
    #expect(!down.description.isEmpty)
  }

  @Test("a status is for the log alone") func statusIsNotShown() {
    let down = DecoderDown(status: 3 << 8)
    #expect(down.description == "the video made its decoder end early")
    #expect(down.debugDescription == "the video made its decoder end early (status 3)")
  }
}
