internal import CLibAV
internal import Decoding

/// What FFmpeg's libraries on this host lack of what we need.
package enum Inventory {
  /// All filters of our chains, and the two ends of every graph.
  private static let filters = [
    "buffer", "buffersink", "scale", "zscale", "format", "setparams", "premultiply", "negate", "estdif", "tonemap",
    "hflip", "vflip", "transpose", "crop",
  ]

  /// The version of the libraries, as they name it.
  package static var version: String { unsafe "FFmpeg \(String(cString: av_version_info()))" }

  /// The missing parts, such as `filter zscale`, `encoder libwebp`, `decoder hevc`.
  package static var missing: [String] {
    filters.filter { unsafe avfilter_get_by_name($0) == nil }.map { "filter \($0)" }
      + ImageFormat.allCases.filter { !$0.isEncodable }.map(\.lack)
      + AllowList.codecs.split(separator: ",").filter { isUndecodable(String($0)) }.map { "decoder \($0)" }
  }

  /// The list has names of codecs and of decoders. A missing decoder does not matter if another one decodes its codec.
  private static func isUndecodable(_ name: String) -> Bool {
    guard let codec = unsafe avcodec_descriptor_get_by_name(name) else { return false }
    return unsafe avcodec_find_decoder(codec.pointee.id) == nil
  }
}
