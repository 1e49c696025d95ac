import Testing

@testable import Media

@Suite struct StandingTests {
  static let best = Standing(seconds: 10, score: 0.6, isGood: true, isConclusive: true, side: 640)

  @Test(arguments: [
    // A picture that failed a gate never takes the place of one that passed, nor the other way round.
    (Standing(seconds: 1, score: 0.9, isGood: false, isConclusive: false, side: 640), false, true),
    // Beyond doubt makes up for a tenth of the score, and for no more.
    (Standing(seconds: 1, score: 0.69, isGood: true, isConclusive: false, side: 640), false, true),
    (Standing(seconds: 1, score: 0.71, isGood: true, isConclusive: false, side: 640), true, false),
    // Half the size is worth no score, a little less is no matter.
    (Standing(seconds: 1, score: 0.9, isGood: true, isConclusive: true, side: 320), false, true),
    (Standing(seconds: 11, score: 0.62, isGood: true, isConclusive: true, side: 480), true, false),
    // A tie goes to the earlier one.
    (Standing(seconds: 9, score: 0.595, isGood: true, isConclusive: true, side: 640), true, false),
    (Standing(seconds: 11, score: 0.605, isGood: true, isConclusive: true, side: 640), false, true),
    // Else the score decides.
    (Standing(seconds: 11, score: 0.62, isGood: true, isConclusive: true, side: 640), true, false),
    (Standing(seconds: 1, score: 0.58, isGood: true, isConclusive: true, side: 640), false, true),
  ])
  func whoBeatsWhom(challenger: Standing, wins: Bool, loses: Bool) {
    #expect(challenger.beats(Self.best) == wins)
    #expect(Self.best.beats(challenger) == loses)
  }

  @Test func equalsDoNotTakeTurns() {
    #expect(!Self.best.beats(Self.best))
  }
}
