/// The containers and codecs that are opened at all: those that people may upload (docs/formats.md gives the reasons). FFmpeg's hundreds of
/// others (of games, single programs, devices) would only be attack surface, and its playlist formats (HLS, DASH, concat) would read other
/// files and hosts.
enum AllowList {
  static let containers = [
    // ISO base media files, Matroska, streams and discs.
    "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mpegts", "mpeg", "mpegvideo", "flv", "live_flv", "avi", "asf", "ogg",
    // Cameras and editing.
    "mxf", "dv", "gxf", "dhav",
    // Formats of old streaming services, and recorders of television.
    "rm", "wtv", "nut",
    // Bare streams and animations.
    "h264", "hevc", "h261", "h263", "m4v", "vc1", "dirac", "dnxhd", "yuv4mpegpipe", "mpjpeg", "ivf", "obu", "av1", "gif",
    "apng", "mjpeg",
    "image2pipe",
    // Sound with a cover.
    "mp3", "flac", "wav", "aac",
  ].joined(separator: ",")

  static let codecs = [
    // Codecs that are served today.
    "h264", "hevc", "av1", "libdav1d", "libaom-av1", "vp8", "vp9", "libvpx", "libvpx-vp9", "mpeg1video", "mpeg2video", "mpeg4",
    // Codecs that are no longer served, but still uploaded.
    "msmpeg4", "msmpeg4v1", "msmpeg4v2", "msmpeg4v3", "h261", "h263", "h263i", "h263p", "flv", "vp6", "vp6a", "vp6f", "flashsv",
    "flashsv2",
    "theora", "vp3", "vp5", "vp7", "dirac", "rv10", "rv20", "rv30", "rv40",
    "wmv1", "wmv2", "wmv3", "vc1", "svq1", "svq3", "cinepak", "qtrle", "rpza", "smc", "8bps", "indeo2", "indeo3", "indeo4",
    "indeo5",
    "msvideo1", "msrle", "amv",
    // Screen recorders and games.
    "camtasia", "tscc2", "camstudio", "zmbv", "fraps", "dxtory", "lagarith", "mszh", "zlib", "mss1", "mss2", "mts2",
    "wmv3image",
    "vc1image", "g2m", "fic", "screenpresso",
    // Cameras, capture and editing.
    "mjpeg", "dvvideo", "prores", "dnxhd", "cfhd", "jpeg2000", "libopenjpeg", "ffv1", "huffyuv", "ffvhuff", "utvideo",
    "magicyuv", "asv1", "asv2", "cljr", "mjpegb", "aic", "pixlet", "avrn", "avrp", "avui", "hqx", "hq_hqa", "cllc", "speedhq",
    "sheervideo",
    "hap", "dxv", "notchlc", "v210", "r210", "r10k", "v308", "v408", "v410", "y41p", "yuv4", "012v", "rawvideo",
    // Animations and covers.
    "gif", "apng", "png", "webp", "bmp",
  ].joined(separator: ",")

  /// - Parameter name: libavformat's names of one container, separated by commas.
  static func contains(container name: String) -> Bool {
    name.split(separator: ",").contains { containers.split(separator: ",").contains($0) }
  }

  /// - Parameter name: the name of a decoder or of a codec.
  static func contains(codec name: String) -> Bool { codecs.split(separator: ",").contains { $0 == name } }
}
