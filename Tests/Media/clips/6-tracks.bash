# shellcheck shell=bash disable=SC2154,SC2034
# Of the made set: which track is taken, and programmes that change.
ff cover.jpg -f lavfi -i testsrc2=s=600x600 -frames:v 1
ff cover.m4a -f lavfi -i sine=d=2 -i cover.jpg -map 0 -map 1 -c:v copy -disposition:v:0 attached_pic
ff audio.m4a -f lavfi -i sine=d=2

# The track to be taken is the one with the quarters; the other has bars.
tracks() { # OUTPUT SIZE-AND-DURATION-OF-BARS options…: bars first, quarters second
  local output=$1 bars=$2
  shift 2
  ff "$output" -f lavfi -i "testsrc2=$bars" -filter_complex "$quarters,format=yuv420p[q]" -map 0 -map '[q]' \
    -c:v libx264 -pix_fmt yuv420p "$@"
}
tracks track-default.mkv s=640x360:d=3 -disposition:v:0 0 -disposition:v:1 default
tracks track-larger.ts s=320x180:d=3
tracks track-longer.mp4 s=640x360:d=0.2 -disposition:v default
tracks track-still.mp4 s=640x360:d=0.04 -c:v:0 mjpeg -pix_fmt:v:0 yuvj420p -disposition:v default
tracks track-still.mkv s=640x360:d=0.04 -c:v:0 png -pix_fmt:v:0 rgb24 -disposition:v default
tracks track-undecodable.mkv s=640x360:d=1 -c:v:0 snow -strict -2 -disposition:v default
tracks part.enabled.mkv s=640x360:d=3 -disposition:v default -metadata:s:v "title=$title"
[ -e track-enabled.mkv ] || "$here/patch-mkv" part.enabled.mkv track-enabled.mkv disable 1
# What belongs to the pictures of another track: a mask, or a map of depth.
tracks part.auxiliary.mp4 s=1280x720:d=3 -disposition:v default
patch track-auxiliary.mp4 part.auxiliary.mp4 handler 1 auxv
patch track-referring.mp4 part.auxiliary.mp4 refer 1 auxl
ff track-cover.mp4 -i cover.jpg -i h264.mp4 -map 0 -map 1 -c copy -disposition:v:0 attached_pic
# Long, with a cover, whose size no header tells.
ff far-cover.mp4 -i far-fragments.mp4 -i cover.jpg -f lavfi -i sine=d=60 -map 0 -map 1 -map 2 -c:v copy -c:a aac -disposition:v:1 attached_pic
# Long, with sound, of which only a decoder of sound could tell all.
ff far-sound.avi -i far-fragments.mp4 -f lavfi -i sine=d=60 -map 0 -map 1 -c:v copy -c:a aac
# Fonts that are larger than the video.
[ -e fonts.mkv ] || head -c 6000000 /dev/zero >part.ttf
ff fonts.mkv -i h264.mp4 -attach part.ttf -metadata:s:t mimetype=application/x-truetype-font -map 0:v -c copy
subtitle="1\n00:00:00,000 --> 00:00:01,000\nx\n"
if [ ! -e track-71.mkv ]; then
  printf '%b' "$subtitle" >part.srt
  inputs=() maps=()
  for number in {0..69}; do inputs+=(-i part.srt) maps+=(-map "$number"); done
  ffmpeg -v error -y "${inputs[@]}" -i h264.mp4 "${maps[@]}" -map 70:v -c copy part.track-71.mkv </dev/null
  mv part.track-71.mkv track-71.mkv
  rm part.srt
fi
# The programme changes to other tracks, or to another codec.
ff part.black.ts -f lavfi -i color=black:s=320x180:r=25:d=3 -c:v libx264 -pix_fmt yuv420p
ff part.tracks.ts -f lavfi -i mandelbrot=s=320x180:r=25 -t 3 -c:v libx264 -pix_fmt yuv420p -mpegts_start_pid 0x300 \
  -mpegts_pmt_start_pid 0x1200 -mpegts_service_id 7
ff part.codec.ts -f lavfi -i mandelbrot=s=320x180:r=25 -t 3 -c:v mpeg2video -q:v 3
for kind in tracks codec; do
  cat part.black.ts "part.$kind.ts" >"program-$kind.ts"
done
# The same in packets of 192 bytes, as camcorders write them.
for kind in black codec; do ff "part.$kind.m2ts" -i "part.$kind.ts" -c copy -mpegts_m2ts_mode 1; done
cat part.black.m2ts part.codec.m2ts >program-codec.m2ts
# Another programme, after sound alone.
ff part.sound.ts -f lavfi -i sine=d=10 -c:a aac
cat part.sound.ts h264.ts >sound-first.ts
# Two programmes whose clocks are far apart: pictures in one, sound in the other.
ff part.pictures.ts -f lavfi -i "$moving" -t 10 -c:v libx264 -g 25 -output_ts_offset 20000 -mpegts_start_pid 0x200 -mpegts_pmt_start_pid 0x1100
ff part.heard.ts -f lavfi -i sine=d=10 -c:a aac -mpegts_service_id 2 -mpegts_start_pid 0x300 -mpegts_pmt_start_pid 0x1200
[ -e programmes-apart.ts ] || "$here/join-programmes" part.pictures.ts part.heard.ts programmes-apart.ts
# A track that goes on in another codec.
ff part.dark-only.mp4 -f lavfi -i color=black:s=640x360:r=25:d=9 -c:v libx264 -bf 0 -g 25 -pix_fmt yuv420p
q part.light-hevc.mp4 yuv420p -c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=25:bframes=0
[ -e two-codecs.mp4 ] || { "$here/two-codecs" part.dark-only.mp4 part.light-hevc.mp4 part.two-codecs.mp4 && mv part.two-codecs.mp4 two-codecs.mp4; }
