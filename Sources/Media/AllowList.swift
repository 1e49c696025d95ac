/// What is opened at all: the containers and codecs video platforms serve. FFmpeg's hundreds of exotic ones are the way in
/// for hostile files, and its playlist formats (HLS, DASH, concat) would read other files and hosts.
enum AllowList {
  static let containers =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,mpegvideo,flv,live_flv,avi,asf,ogg,h264,hevc,ivf,gif,apng,mjpeg,"
    + "image2pipe,mp3,flac,wav,aac"
  static let codecs =
    "h264,hevc,av1,libdav1d,libaom-av1,vp8,vp9,libvpx,libvpx-vp9,mpeg1video,mpeg2video,mpeg4,msmpeg4,msmpeg4v2,msmpeg4v3,h263,h263i,flv,theora,"
    + "mjpeg,prores,dnxhd,wmv1,wmv2,wmv3,vc1,gif,apng,png,rawvideo,webp,bmp"

  /// - Parameter name: as libavformat has it: the names of one container, separated by commas.
  static func contains(container name: String) -> Bool {
    name.split(separator: ",").contains { containers.split(separator: ",").contains($0) }
  }

  /// - Parameter name: a decoder's, or a codec's own.
  static func contains(codec name: String) -> Bool { codecs.split(separator: ",").contains { $0 == name } }
}
