internal import CLibAV

/// Interprets a frame's colour tags. Reserved and missing ones are taken as players take them.
struct FrameColour {
  let matrix: AVColorSpace
  let primaries: AVColorPrimaries
  let transfer: AVColorTransferCharacteristic
  let isFullRange: Bool
  let isRangeTold: Bool
  let isHD: Bool
  let isRGB: Bool
  var hasAlpha = false
}

extension FrameColour {
  init(of frame: borrowing Frame) {
    unsafe self.init(
      matrix: frame.raw.pointee.colorspace, primaries: frame.raw.pointee.color_primaries, transfer: frame.raw.pointee.color_trc,
      isFullRange: frame.raw.pointee.color_range == AVCOL_RANGE_JPEG || frame.isRGB || frame.pixelFormatName.hasPrefix("yuvj"),
      isRangeTold: !frame.isRGB && frame.raw.pointee.color_range != AVCOL_RANGE_UNSPECIFIED,
      isHD: frame.height >= 720 || frame.width >= 1280, isRGB: frame.isRGB, hasAlpha: frame.hasAlpha)
  }

  /// The matrix as `scale` names it. Without a tag it is BT.709 for HD and BT.601 below.
  var swscaleMatrix: String {
    switch matrix {
    case AVCOL_SPC_BT709: "bt709"
    case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M: "bt601"
    case AVCOL_SPC_SMPTE240M: "smpte240m"
    case AVCOL_SPC_FCC: "fcc"
    case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: "bt2020"
    case _ where primaries == AVCOL_PRI_BT2020: "bt2020"
    default: isHD ? "bt709" : "bt601"
    }
  }

  /// The input options of `scale`: from FFmpeg 8 on, it needs the range of both sides.
  var swscaleInput: String { "in_color_matrix=\(swscaleMatrix)\(isRangeTold ? ":in_range=\(range)" : "")" }
  /// Options of `scale` that keep the range. Without them it turns full range into limited range when it changes the depth.
  var sameRange: String { "in_range=\(range):out_range=\(range)" }
  private var range: String { isFullRange ? "full" : "limited" }

  /// The same for `zscale`, always with the range.
  var zscaleInput: String {
    let names = ["bt709": "709", "bt601": "170m", "smpte240m": "240m", "fcc": "fcc", "bt2020": "2020_ncl"]
    return "matrixin=\(names[swscaleMatrix] ?? "709"):rangein=\(range)"
  }

  /// The pixel format of ``toDisplay``'s input.
  var planes: String {
    // zimg does not support YUV with alpha in 12 bits.
    if hasAlpha { return isRGB ? "gbrap12le" : "yuva444p16le" }
    return isRGB ? "gbrp12le" : "yuv444p12le"
  }

  /// Replaces a matrix that `scale` refuses. It does not change values when input and output have the same matrix.
  var untold: [String] { matrix == AVCOL_SPC_YCGCO && !isRGB ? ["setparams=colorspace=bt709"] : [] }

  /// High dynamic range: PQ (SMPTE ST 2084) or HLG (ARIB STD-B67).
  private var isHDR: Bool { transfer == AVCOL_TRC_SMPTE2084 || transfer == AVCOL_TRC_ARIB_STD_B67 }

  /// Whether the primaries are wider than BT.709's, as those of televisions, cinemas and computer screens are.
  private var isWide: Bool { [AVCOL_PRI_BT2020, AVCOL_PRI_SMPTE431, AVCOL_PRI_SMPTE432].contains(primaries) }

  /// The `zscale` and `tonemap` filters that convert to sRGB a picture of wide colours, of high dynamic range, or in a matrix that `scale`
  /// does not know; nil for ordinary pictures.
  ///
  /// Reference white is 203 cd/m² (ITU-R BT.2408). The peak is fixed, since the peak that streams tell is often wrong.
  var toDisplay: [String]? {
    guard isHDR || isWide || (matrix == AVCOL_SPC_YCGCO && !isRGB) else { return nil }
    let input = "matrixin=\(zscaleMatrix):primariesin=\(zscalePrimaries):rangein=\(range)"
    if !isHDR {
      return ["zscale=\(input):transferin=709:primaries=709:transfer=709:matrix=gbr:range=full", Self.rgb(hasAlpha)]
    }
    let curve = transfer == AVCOL_TRC_SMPTE2084 ? "smpte2084" : "arib-std-b67"
    return ["zscale=\(input):transferin=\(curve):transfer=linear:npl=203:matrix=gbr:range=full", Self.rgb(hasAlpha, "f32le")]
      + Self.toneMapping(primaries: zscalePrimaries, hasAlpha: hasAlpha)
  }

  /// The filters from linear light, where 1 is reference white, to sRGB.
  static func toneMapping(primaries: String, hasAlpha: Bool = false) -> [String] {
    [
      "zscale=primariesin=\(primaries):primaries=709:transferin=linear:transfer=linear",
      "tonemap=mobius:param=0.5:desat=0:peak=5",
      "zscale=transferin=linear:transfer=iec61966-2-1:primaries=709:matrix=gbr:range=full", rgb(hasAlpha),
    ]
  }

  private static func rgb(_ hasAlpha: Bool, _ depth: String = "") -> String { "format=\(hasAlpha ? "gbrap" : "gbrp")\(depth)" }

  private var zscaleMatrix: String {
    switch matrix {
    case _ where isRGB: "gbr"
    case AVCOL_SPC_BT709: "709"
    case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M: "170m"
    case AVCOL_SPC_BT2020_CL: "2020_cl"
    case AVCOL_SPC_YCGCO: "ycgco"
    case AVCOL_SPC_BT2020_NCL: "2020_ncl"
    case _ where isHDR || primaries == AVCOL_PRI_BT2020: "2020_ncl"
    default: isHD ? "709" : "170m"
    }
  }

  private var zscalePrimaries: String {
    switch primaries {
    case AVCOL_PRI_BT709: "709"
    case AVCOL_PRI_SMPTE432: "smpte432"
    case AVCOL_PRI_SMPTE431: "smpte431"
    default: isHDR || primaries == AVCOL_PRI_BT2020 ? "2020" : "709"
    }
  }
}
