import CLibAV
import Decoding
import Testing

@testable import Media

@Suite struct GeometryTests {
  @Test(arguments: [
    (1920.0, 1080.0, AspectRatio.landscape, 960, 540), (640, 360, .landscape, 640, 360), (1080, 1920, .portrait, 540, 960),
    (1080, 1920, .landscape, 960, 540), (1000, 1000, .landscape, 960, 540), (16, 16, .landscape, 16, 8),
  ])
  func coverCropNeverEnlarges(width: Double, height: Double, aspect: AspectRatio, expectedWidth: Int, expectedHeight: Int) {
    let geometry = PictureGeometry(displayedWidth: width, displayedHeight: height, aspect: aspect, longerSide: 960)
    #expect(geometry.width == expectedWidth)
    #expect(geometry.height == expectedHeight)
    #expect(geometry.scaledWidth >= geometry.width && geometry.scaledHeight >= geometry.height)
  }

  @Test func aSizeTheVideoDoesNotReachIsTheVideosOwnAndComesOnce() {
    var options = ThumbnailOptions()
    options.sizes = [1920, 480, 1280, 960]
    let series = PictureSeries((width: 1000, height: 600), .landscape, options)
    #expect(series.geometries.map(\.width) == [1000, 960, 480])
    #expect(series.geometries.map(\.height) == [562, 540, 270])
    #expect(series.main.width == 960)
    options.sizes = [1280, 1920]
    #expect(PictureSeries((width: 100, height: 300), .portrait, options).geometries.map(\.height) == [176])
  }

  @Test(arguments: [(640.0, 360.0), (321, 243), (853, 480), (3, 999)])
  func aPictureThatKeepsItsSizeIsNotScaled(width: Double, height: Double) {
    let geometry = PictureGeometry(displayedWidth: width, displayedHeight: height, aspect: .landscape, longerSide: 960)
    #expect(geometry.scaledWidth == Int(width))
    #expect(geometry.scaledHeight == Int(height))
  }

  /// Whole eyes, squeezed ones, and those of which the shape is told for one eye or for both.
  @Test(arguments: [
    (1.0, 1920, 1080, 1.0), (1, 960, 1080, 2), (1, 1920, 540, 0.5), (2, 960, 1080, 2), (2, 1920, 1080, 1), (1, 960, 800, 2),
    (1, 640, 480, 1),
  ])
  func anEyeHasTheUsualShape(told: Double, width: Int, height: Int, expected: Double) {
    #expect(EyePair.pixelAspect(told: told, eye: (width, height)) == expected)
  }

  @Test func ofTwoEyesTheFirstIsLeft() {
    let whole = CropBox(left: 10, top: 2, right: 20, bottom: 4)
    #expect(EyePair.sideBySide.crop(whole, width: 100, height: 50) == CropBox(left: 10, top: 2, right: 55, bottom: 4))
    #expect(EyePair.topBottom.crop(whole, width: 100, height: 50) == CropBox(left: 10, top: 2, right: 20, bottom: 26))
    #expect(EyePair.interleaved.crop(whole, width: 100, height: 50) == whole)
    let impossible = CropBox(left: 60, top: 0, right: 60, bottom: 0)
    #expect(EyePair.sideBySide.crop(impossible, width: 100, height: 50) == CropBox(right: 50))
    #expect([AV_STEREO3D_LINES, AV_STEREO3D_COLUMNS].map(EyePair.init) == [.interleaved, .interleaved])
    #expect([AV_STEREO3D_2D, AV_STEREO3D_CHECKERBOARD, AV_STEREO3D_FRAMESEQUENCE].map(EyePair.init) == [nil, nil, nil])
  }

  @Test func squareCountsAsLandscape() {
    #expect(AspectRatio.fitting(displayedWidth: 10, height: 10) == .landscape)
    #expect(AspectRatio.fitting(displayedWidth: 9, height: 16) == .portrait)
  }
}
