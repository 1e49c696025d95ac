import Decoding
import Testing

@testable import Media

@Suite struct TrackTests {
  @Test func tracksAreTriedInTheOrderInWhichTheyAreMeant() {
    let cover = VideoTrack(stream: 0, isCover: true, pixels: 9_000_000)
    let still = VideoTrack(stream: 1, isStill: true, pixels: 9_000_000, frames: 1)
    let hidden = VideoTrack(stream: 2, isDefault: false, pixels: 9_000_000, frames: 100)
    let disabled = VideoTrack(stream: 7, isEnabled: false, pixels: 9_000_000, frames: 100)
    let small = VideoTrack(stream: 3, pixels: 100, frames: 100)
    let large = VideoTrack(stream: 4, pixels: 200, frames: 10)
    let long = VideoTrack(stream: 5, pixels: 200, frames: 20)
    let twin = VideoTrack(stream: 6, pixels: 200, frames: 20)
    let given = [cover, still, disabled, hidden, small, large, twin, long]
    #expect(VideoTrack.ordered(given).map(\.stream) == [5, 6, 4, 3, 2, 7, 1, 0])
  }

  @Test(arguments: [
    (CropBox(left: 10, top: 0, right: 20, bottom: 4), "crop=70:46:10:0"), (CropBox(), nil),
    (CropBox(left: 50, top: 0, right: 49, bottom: 0), nil),
    (CropBox(left: 60, top: 0, right: 40, bottom: 0), nil), (CropBox(left: -1, top: 0, right: 0, bottom: 0), nil),
  ])
  func aCropLeavesSomethingOrIsNone(crop: CropBox, filter: String?) {
    #expect(crop.filter(width: 100, height: 50) == filter)
    #expect(crop.size(ofWidth: 100, height: 50) == (filter == nil ? (100, 50) : (70, 46)))
  }
}
