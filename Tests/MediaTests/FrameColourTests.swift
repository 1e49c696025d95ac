import CLibAV
import Testing

@testable import Media

@Suite struct FrameColourTests {
  func colour(
    _ matrix: AVColorSpace = AVCOL_SPC_UNSPECIFIED, _ primaries: AVColorPrimaries = AVCOL_PRI_UNSPECIFIED,
    _ transfer: AVColorTransferCharacteristic = AVCOL_TRC_UNSPECIFIED, isFullRange: Bool = false, isRangeTold: Bool = true,
    isHD: Bool = true,
    isRGB: Bool = false
  ) -> FrameColour {
    FrameColour(
      matrix: matrix, primaries: primaries, transfer: transfer, isFullRange: isFullRange, isRangeTold: isRangeTold, isHD: isHD,
      isRGB: isRGB)
  }

  @Test func whatIsNotToldGoesBySize() {
    #expect(colour(isHD: true).swscaleMatrix == "bt709")
    #expect(colour(isHD: false).swscaleMatrix == "bt601")
    #expect(colour(AVCOL_SPC_RESERVED, isHD: false).swscaleMatrix == "bt601", "a reserved value is none")
    #expect(
      colour(AVCOL_SPC_UNSPECIFIED, AVCOL_PRI_BT2020, isHD: false).swscaleMatrix == "bt2020", "primaries tell the matrix, too")
  }

  @Test func whatIsToldGoesBeforeSize() {
    let names: [(AVColorSpace, String, String)] = [
      (AVCOL_SPC_BT709, "bt709", "709"), (AVCOL_SPC_BT470BG, "bt601", "170m"), (AVCOL_SPC_SMPTE170M, "bt601", "170m"),
      (AVCOL_SPC_SMPTE240M, "smpte240m", "240m"), (AVCOL_SPC_FCC, "fcc", "fcc"), (AVCOL_SPC_BT2020_NCL, "bt2020", "2020_ncl"),
      (AVCOL_SPC_BT2020_CL, "bt2020", "2020_ncl"),
    ]
    for (matrix, swscale, zscale) in names {
      for isHD in [false, true] {
        #expect(colour(matrix, isHD: isHD).swscaleMatrix == swscale)
        #expect(colour(matrix, isHD: isHD).zscaleInput == "matrixin=\(zscale):rangein=limited")
      }
    }
  }

  @Test func theRangeIsTold() {
    #expect(colour(isFullRange: true).swscaleInput == "in_color_matrix=bt709:in_range=full")
    #expect(colour(isFullRange: false).swscaleInput == "in_color_matrix=bt709:in_range=limited")
    #expect(
      colour(isRangeTold: false).swscaleInput == "in_color_matrix=bt709", "swscale knows what is usual for the pixel format")
    #expect(colour(isFullRange: true).zscaleInput == "matrixin=709:rangein=full")
  }

  @Test func onlyWideAndHighDynamicRangeAreMapped() {
    #expect(colour(AVCOL_SPC_BT709, AVCOL_PRI_BT709, AVCOL_TRC_BT709).toDisplay == nil)
    #expect(colour(AVCOL_SPC_RGB, AVCOL_PRI_UNSPECIFIED, AVCOL_TRC_UNSPECIFIED, isRGB: true).toDisplay == nil)
    let red = colour(AVCOL_SPC_RGB, AVCOL_PRI_BT2020, AVCOL_TRC_SMPTE2084, isFullRange: true, isRGB: true)
    #expect(red.planes == "gbrp12le")
    let transparent = FrameColour(
      matrix: AVCOL_SPC_BT2020_NCL, primaries: AVCOL_PRI_BT2020, transfer: AVCOL_TRC_SMPTE2084, isFullRange: false,
      isRangeTold: true, isHD: true, isRGB: false, hasAlpha: true)
    #expect(transparent.planes == "yuva444p16le")
    #expect(transparent.toDisplay?.contains("format=gbrapf32le") == true)
    #expect(transparent.toDisplay?.last == "format=gbrap")
    #expect(red.toDisplay?.first?.hasPrefix("zscale=matrixin=gbr:primariesin=2020:rangein=full") == true)
    let wide = colour(AVCOL_SPC_BT2020_NCL, AVCOL_PRI_BT2020, AVCOL_TRC_BT709).toDisplay
    #expect(wide?.contains { $0.contains("tonemap") } == false)
    #expect(
      wide?.first?.hasPrefix("zscale=matrixin=2020_ncl:primariesin=2020:rangein=limited:transferin=709:primaries=709") == true)
    let curves: [(AVColorTransferCharacteristic, String)] = [
      (AVCOL_TRC_SMPTE2084, "smpte2084"), (AVCOL_TRC_ARIB_STD_B67, "arib-std-b67"),
    ]
    for (transfer, name) in curves {
      let high = colour(AVCOL_SPC_BT2020_CL, AVCOL_PRI_SMPTE432, transfer).toDisplay
      #expect(
        high?.first?.hasPrefix(
          "zscale=matrixin=2020_cl:primariesin=smpte432:rangein=limited:transferin=\(name):transfer=linear") == true)
      #expect(high?.contains { $0.hasPrefix("tonemap=") } == true)
    }
  }

  /// What is left open is taken as it is usual for the rest.
  @Test func whatIsMappedIsReadByItsTagsAndByWhatIsUsual() {
    let inputs: [(FrameColour, String)] = [
      (colour(AVCOL_SPC_SMPTE170M, AVCOL_PRI_SMPTE431, AVCOL_TRC_BT709), "170m:primariesin=smpte431"),
      (colour(AVCOL_SPC_BT470BG, AVCOL_PRI_SMPTE432, AVCOL_TRC_BT709), "170m:primariesin=smpte432"),
      (colour(AVCOL_SPC_BT709, AVCOL_PRI_BT709, AVCOL_TRC_ARIB_STD_B67), "709:primariesin=709"),
      (colour(AVCOL_SPC_UNSPECIFIED, AVCOL_PRI_UNSPECIFIED, AVCOL_TRC_SMPTE2084, isHD: false), "2020_ncl:primariesin=2020"),
      (colour(AVCOL_SPC_UNSPECIFIED, AVCOL_PRI_BT2020, isHD: false), "2020_ncl:primariesin=2020"),
      (colour(AVCOL_SPC_UNSPECIFIED, AVCOL_PRI_SMPTE432, isHD: true), "709:primariesin=smpte432"),
      (colour(AVCOL_SPC_UNSPECIFIED, AVCOL_PRI_SMPTE432, isHD: false), "170m:primariesin=smpte432"),
      (colour(AVCOL_SPC_YCGCO), "ycgco:primariesin=709"),
    ]
    for (colour, input) in inputs {
      #expect(colour.toDisplay?.first?.hasPrefix("zscale=matrixin=\(input):rangein=limited:") == true, "\(input)")
    }
  }

  /// `scale` refuses YCgCo, but not green, blue and red that are called so.
  @Test func aMatrixThatScaleRefusesIsReplaced() {
    #expect(colour(AVCOL_SPC_YCGCO).untold == ["setparams=colorspace=bt709"])
    #expect(colour(AVCOL_SPC_YCGCO, isRGB: true).untold.isEmpty)
    #expect(colour(AVCOL_SPC_YCGCO, isRGB: true).toDisplay == nil)
    #expect(colour(AVCOL_SPC_BT709).untold.isEmpty)
  }
}
