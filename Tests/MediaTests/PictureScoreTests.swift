import Decoding
import Testing

@testable import Media

@Suite struct PictureScoreTests {
  func statistics(
    mean: Double = 0.45, variance: Double = 3000, low: Double = 0.1, range: Double = 0.6, sharpness: Double = 0.08,
    edges: Double = 0.3,
    fullestBins: Double = 0.2, entropy: Double = 0.9, saturation: Double = 0.2, middleEdges: Double = 0.3,
    darkShare: Double = 0.1,
    toneShare: Double = 0.2, likeness: Double = 0.9
  ) -> PictureStatistics {
    PictureStatistics(
      mean: mean, variance: variance, low: low, range: range, sharpness: sharpness, edges: edges, fullestBins: fullestBins,
      entropy: entropy, saturation: saturation, histogram: [], middleEdges: middleEdges, darkShare: darkShare,
      toneShare: toneShare, likeness: likeness)
  }

  @Test func eachGateTurnsDownItsOwnKind() {
    #expect(statistics().rejection == nil)
    #expect(statistics(mean: 0.03).rejection == .dark)
    #expect(statistics(mean: 0.97, edges: 0.1).rejection == .bright)
    #expect(statistics(mean: 0.97, range: 0, edges: 0.3).rejection == nil, "a page of text")
    for (low, entropy, what) in [(0.05, 0.15, nil), (0, 0.15, "credits"), (0.05, 0.05, "a title"), (0.05, 0.4, "night")] {
      let page = statistics(
        mean: 0.06, variance: 200, low: low, range: 0.05, sharpness: 0.02, fullestBins: 0.92, entropy: entropy)
      #expect(page.rejection == (what == nil ? nil : .dark), "\(what ?? "a page of text on a dark background")")
    }
    for (sharpness, entropy, isPage) in [(0.06, 0.2, true), (0.06, 0.45, true), (0.06, 0.1, false), (0.02, 0.45, false)] {
      let page = statistics(mean: 0.03, low: 0, sharpness: sharpness, fullestBins: 0.9, entropy: entropy)
      #expect(page.rejection == .dark)
      #expect(page.isBlackPage == isPage, "a terminal, not a title or night")
    }
    for (mean, edges, isPage) in [(0.9, 0.3, true), (0.9, 0.05, false), (0.6, 0.3, false)] {
      let slide = statistics(
        mean: mean, variance: 200, range: 0, sharpness: 0.02, edges: edges, fullestBins: 0.95, entropy: 0.05)
      #expect(slide.rejection == .flat && slide.isPlainPage == isPage, "a slide of few words")
    }
    // Small text and thin lines, by how alike neighbouring pixels are: a chart, noise, large letters; a title of two words.
    for (likeness, sharpness, isPage) in [(0.6, 0.02, true), (0.3, 0.02, false), (0.85, 0.02, false), (0.6, 0.008, false)] {
      let page = statistics(
        mean: 0.15, variance: 100, low: 0.1, range: 0, sharpness: sharpness, fullestBins: 0.95, entropy: 0.05,
        likeness: likeness)
      #expect(page.isBlackPage == isPage && (page.rejection == nil) == isPage)
    }
    #expect(statistics(variance: 100).rejection == .flat)
    #expect(statistics(sharpness: 0.03, fullestBins: 0.95, entropy: 0.2).rejection == .flat)
    #expect(statistics(sharpness: 0.03, fullestBins: 0.95, entropy: 0.4).rejection == nil)
    #expect(statistics(range: 0.05).rejection == .faded)
    #expect(statistics(sharpness: 0.005).rejection == .blurred)
    #expect(statistics(edges: 0.02).rejection == .blurred)
    #expect(statistics(likeness: 0.1).rejection == .noise)
    #expect(statistics(entropy: 0.2, likeness: -0.5).rejection == nil, "a picture in dots of two tones")
  }

  @Test func aGoodPictureEndsTheSearch() {
    #expect(PictureScore.value(of: statistics()) >= PictureScore.clearlyGood)
  }

  @Test func onlyAPictureWithoutDoubtEndsTheSearch() {
    #expect(statistics().isConclusive)
    for doubtful in [
      statistics(middleEdges: 0.05), statistics(darkShare: 0.6), statistics(toneShare: 0.8), statistics(mean: 0.03),
    ] {
      #expect(!doubtful.isConclusive)
    }
  }

  @Test func worsePicturesRankLower() {
    let good = PictureScore.value(of: statistics())
    for worse in [
      statistics(mean: 0.12), statistics(sharpness: 0.02), statistics(entropy: 0.5), statistics(fullestBins: 0.85),
      statistics(variance: 500), statistics(saturation: 0),
    ] {
      #expect(PictureScore.value(of: worse) < good)
    }
  }

  @Test("a little is more than nothing", arguments: [0.0, 1])
  func emptyPicturesRankLowest(mean: Double) {
    let nothing = statistics(mean: mean, variance: 0, sharpness: 0, fullestBins: 1, entropy: 0, saturation: 0)
    let little = statistics(mean: mean, variance: 250, sharpness: 0.005, fullestBins: 0.99, entropy: 0.02, saturation: 0)
    #expect(PictureScore.value(of: nothing) < PictureScore.value(of: little))
  }

  @Test func distanceOfHistograms() {
    #expect(PictureScore.distance([1, 0], [1, 0]) == 0)
    #expect(PictureScore.distance([1, 0], [0, 1]) == 1)
  }
}
