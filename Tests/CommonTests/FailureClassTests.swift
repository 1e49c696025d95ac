import Failures
import Testing

@Suite struct FailureClassTests {
  @Test(
    "what follows from each class",
    arguments: [
      (FailureClass.source, FailureClass.Consequence.fail, true, true, 502),
      (.media, .fail, true, false, 422), (.forbidden, .fail, true, false, 422), (.request, .fail, false, false, 400),
      (.storage, .release, false, true, 503), (.configuration, .release, false, true, 503),
      (.platform, .release, false, true, 503), (.shutdown, .release, false, true, 503),
      (.database, .release, false, true, 503), (.lost, .leaveToLease, true, true, 503),
    ])
  func classes(_ name: FailureClass, consequence: FailureClass.Consequence, counts: Bool, isRetryable: Bool, status: Int) {
    #expect(name.consequence == consequence)
    #expect(name.counts == counts)
    #expect(name.isRetryable == isRetryable)
    #expect(name.httpStatus == status)
  }

  @Test func classesDoNotContradictThemselves() {
    for name in FailureClass.allCases {
      // What is given back costs nothing and is tried again; who is told that it is over is told whose fault it is.
      if name.consequence == .release { #expect(!name.counts && name.isRetryable, "\(name)") }
      if name.movesBreakers { #expect(name.consequence == .release, "\(name)") }
      #expect(name.isRetryable == (name.httpStatus >= 500), "\(name)")
      if name.isOrigins { #expect(name.isRetryable && name.consequence == .fail, "\(name)") }
    }
  }
}
