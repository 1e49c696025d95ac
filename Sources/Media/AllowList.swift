/// What is opened at all: the containers and codecs video platforms meet (docs/formats.md has the list with its reasons). FFmpeg's hundreds
/// of others are the way in for hostile files, and its playlist formats (HLS, DASH, concat) would read other files and hosts.
enum AllowList {
  static let containers = [
    // ISO base media files, Matroska, streams and discs.
    "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mpegts", "mpeg", "mpegvideo", "flv", "live_flv", "avi", "asf", "ogg",
    // Cameras and editing.
    "mxf", "dv",
    // Bare streams and animations.
    "h264", "hevc", "ivf", "obu", "av1", "gif", "apng", "mjpeg", "image2pipe",
    // Sound with a cover.
    "mp3", "flac", "wav", "aac",
  ].joined(separator: ",")

  static let codecs = [
    // What is served.
    "h264", "hevc", "av1", "libdav1d", "libaom-av1", "vp8", "vp9", "libvpx", "libvpx-vp9", "mpeg1video", "mpeg2video", "mpeg4",
    // What was served, and is still uploaded.
    "msmpeg4", "msmpeg4v2", "msmpeg4v3", "h261", "h263", "h263i", "h263p", "flv", "vp6", "vp6a", "vp6f", "flashsv", "flashsv2",
    "theora",
    "wmv1", "wmv2", "wmv3", "vc1", "svq1", "svq3", "cinepak", "qtrle",
    // Cameras, capture and editing.
    "mjpeg", "dvvideo", "prores", "dnxhd", "cfhd", "jpeg2000", "libopenjpeg", "ffv1", "huffyuv", "ffvhuff", "utvideo",
    "magicyuv", "v210",
    "rawvideo",
    // Animations and covers.
    "gif", "apng", "png", "webp", "bmp",
  ].joined(separator: ",")
}
