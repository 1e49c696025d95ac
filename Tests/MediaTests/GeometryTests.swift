import Decoding
import Testing

@testable import Media

@Suite struct GeometryTests {
  @Test(arguments: [
    (1920.0, 1080.0, AspectRatio.landscape, 960, 540), (640, 360, .landscape, 640, 360), (1080, 1920, .portrait, 540, 960),
    (1080, 1920, .landscape, 960, 540), (1000, 1000, .landscape, 960, 540), (16, 16, .landscape, 16, 8),
  ])
  func coverCropNeverEnlarges(width: Double, height: Double, aspect: AspectRatio, expectedWidth: Int, expectedHeight: Int) {
    let geometry = PictureGeometry(displayedWidth: width, displayedHeight: height, aspect: aspect)
    #expect(geometry.width == expectedWidth)
    #expect(geometry.height == expectedHeight)
    #expect(geometry.scaledWidth >= geometry.width && geometry.scaledHeight >= geometry.height)
  }

  @Test func squareCountsAsLandscape() {
    #expect(AspectRatio.fitting(displayedWidth: 10, height: 10) == .landscape)
    #expect(AspectRatio.fitting(displayedWidth: 9, height: 16) == .portrait)
  }
}
