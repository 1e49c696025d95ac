import Testing

@testable import Media

@Suite struct CandidateRankTests {
  static let best = CandidateRank(seconds: 10, score: 0.6, isGood: true, isConclusive: true, side: 640)

  @Test(arguments: [
    // A picture that failed a gate never takes the place of one that passed, nor the other way round.
    (CandidateRank(seconds: 1, score: 0.9, isGood: false, isConclusive: false, side: 640), false, true),
    // Beyond doubt makes up for a tenth of the score, and for no more.
    (CandidateRank(seconds: 1, score: 0.69, isGood: true, isConclusive: false, side: 640), false, true),
    (CandidateRank(seconds: 1, score: 0.71, isGood: true, isConclusive: false, side: 640), true, false),
    // Half the size is worth no score, a little less is no matter.
    (CandidateRank(seconds: 1, score: 0.9, isGood: true, isConclusive: true, side: 320), false, true),
    (CandidateRank(seconds: 11, score: 0.62, isGood: true, isConclusive: true, side: 480), true, false),
    // A tie goes to the earlier one.
    (CandidateRank(seconds: 9, score: 0.595, isGood: true, isConclusive: true, side: 640), true, false),
    (CandidateRank(seconds: 11, score: 0.605, isGood: true, isConclusive: true, side: 640), false, true),
    // Else the score decides.
    (CandidateRank(seconds: 11, score: 0.62, isGood: true, isConclusive: true, side: 640), true, false),
    (CandidateRank(seconds: 1, score: 0.58, isGood: true, isConclusive: true, side: 640), false, true),
  ])
  func whoBeatsWhom(challenger: CandidateRank, wins: Bool, loses: Bool) {
    #expect(challenger.beats(Self.best) == wins)
    #expect(Self.best.beats(challenger) == loses)
  }

  @Test func ofRejectedPicturesALittleMoreWins() {
    let early = CandidateRank(seconds: 1, score: -0.43, isGood: false, isConclusive: false, side: 640)
    let fuller = CandidateRank(seconds: 2, score: -0.425, isGood: false, isConclusive: false, side: 640)
    #expect(fuller.beats(early))
    #expect(!early.beats(fuller))
  }

  @Test func aBlackPictureIsNoBetterForItsSize() {
    let large = CandidateRank(seconds: 1, score: -0.4, isGood: false, isConclusive: false, side: 640)
    let fuller = CandidateRank(seconds: 2, score: -0.1, isGood: false, isConclusive: false, side: 320)
    let likeIt = CandidateRank(seconds: 2, score: -0.35, isGood: false, isConclusive: false, side: 320)
    #expect(fuller.beats(large))
    #expect(!large.beats(fuller))
    #expect(large.beats(likeIt))
    #expect(!likeIt.beats(large))
  }

  @Test func whatAnOverlayHidesLosesToWhatItShows() {
    let hidden = CandidateRank(seconds: 1, score: 0.9, isGood: true, isSeen: false, isConclusive: true, side: 640)
    let shown = CandidateRank(seconds: 9, score: 0.1, isGood: false, isConclusive: false, side: 640)
    #expect(shown.beats(hidden))
    #expect(!hidden.beats(shown))
  }

  @Test func equalsDoNotTakeTurns() {
    #expect(!Self.best.beats(Self.best))
  }
}
