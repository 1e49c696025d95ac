internal import CLibAV
internal import Decoding

/// What this host's libraries offer of what we claim.
package enum Inventory {
  /// Everything `RenderChain`, `FrameColour`, `Orientation` and `PictureStatistics` name.
  private static let filters = [
    "buffer", "buffersink", "scale", "zscale", "format", "setparams", "premultiply", "negate", "estdif", "tonemap",
    "hflip", "vflip", "transpose", "crop",
  ]

  /// The version of the libraries, as they name it.
  package static var version: String { unsafe "FFmpeg \(String(cString: av_version_info()))" }

  /// `filter zscale`, `encoder libwebp`, `decoder hevc`: what is not there.
  package static var missing: [String] {
    filters.filter { unsafe avfilter_get_by_name($0) == nil }.map { "filter \($0)" }
      + ImageFormat.allCases.filter { !$0.isEncodable }.map(\.lack)
      + AllowList.codecs.split(separator: ",").filter { isUndecodable(String($0)) }.map { "decoder \($0)" }
  }

  /// The list has codecs, and decoders of which another one can take the place.
  private static func isUndecodable(_ name: String) -> Bool {
    guard let codec = unsafe avcodec_descriptor_get_by_name(name) else { return false }
    return unsafe avcodec_find_decoder(codec.pointee.id) == nil
  }
}
