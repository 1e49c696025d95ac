import Decoding
import Foundation
import Testing

@testable import Media

@Suite struct PlaceholderTests {
  func pixels(_ width: Int, _ height: Int, _ colour: (Int, Int) -> [Int]) -> [UInt8] {
    (0..<height).flatMap { y in (0..<width).flatMap { x in colour(x, y).map { UInt8($0) } } }
  }

  func hash(_ width: Int, _ height: Int, _ colour: (Int, Int) -> [Int]) -> String {
    Data(ThumbHash.bytes(rgb: pixels(width, height, colour), width: width, height: height)).base64EncodedString()
  }

  /// What another implementation of the algorithm makes of the same pictures.
  @Test func hashesAreThoseOfOthers() {
    #expect(hash(32, 18) { x, y in [x * 255 / 31, y * 255 / 17, 128] } == "4PcJPJyAh4dweIiHiIeAcAj4iA==")
    #expect(
      hash(18, 32) { x, y in [(x * 7 + y * 3) % 256, (x * x + y) % 256, (y * 8) % 256] } == "GicOVAZyCYd3eHd4eHdyf8cNiA==")
    #expect(hash(100, 1) { x, _ in [x * 2, 255 - x * 2, x] } == "WYoxmaiHh4eIiAh4iYgAiNc=")
    #expect(
      hash(100, 56) { x, y in (x / 9 + y / 7) % 3 == 0 ? [255, 255, 255] : [20, 40, 90] } == "3eYBBIBKSwyam6u0tJsOvuDgCw==")
  }

  @Test func theDominantColourIsThatOfMostPixels() {
    let picture = pixels(10, 10) { x, _ in x < 4 ? [255, 255, 255] : x < 5 ? [10, 20, 30] : [200 + x % 2, 100, 50] }
    #expect(Placeholder(rgb: picture, width: 10, height: 10).dominantColour == 0xC86432)
  }

  @Test("colours that differ in one component are not one", arguments: 0..<3)
  func theDominantColourIsOneColour(component: Int) {
    let picture = pixels(10, 10) { x, _ in (0..<3).map { $0 == component ? 20 + 50 * min(x, 4) : 100 } }
    let colour = Placeholder(rgb: picture, width: 10, height: 10).dominantColour
    #expect((colour >> (16 - 8 * component)) & 255 == 220)
  }
}
