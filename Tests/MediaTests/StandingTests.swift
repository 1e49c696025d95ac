import Testing

@testable import Media

@Suite struct StandingTests {
  static let best = Standing(seconds: 10, score: 0.6, isGood: true, isConclusive: true)

  @Test(arguments: [
    // A picture that failed a gate never takes the place of one that passed, nor the other way round.
    (Standing(seconds: 1, score: 0.9, isGood: false, isConclusive: false), false, true),
    // Beyond doubt makes up for a tenth of the score, and for no more.
    (Standing(seconds: 1, score: 0.69, isGood: true, isConclusive: false), false, true),
    (Standing(seconds: 1, score: 0.71, isGood: true, isConclusive: false), true, false),
    // A tie goes to the earlier one.
    (Standing(seconds: 9, score: 0.595, isGood: true, isConclusive: true), true, false),
    (Standing(seconds: 11, score: 0.605, isGood: true, isConclusive: true), false, true),
    // Else the score decides.
    (Standing(seconds: 11, score: 0.62, isGood: true, isConclusive: true), true, false),
    (Standing(seconds: 1, score: 0.58, isGood: true, isConclusive: true), false, true),
  ])
  func whoBeatsWhom(challenger: Standing, wins: Bool, loses: Bool) {
    #expect(challenger.beats(Self.best) == wins)
    #expect(Self.best.beats(challenger) == loses)
  }

  @Test func equalsDoNotTakeTurns() {
    #expect(!Self.best.beats(Self.best))
  }
}
