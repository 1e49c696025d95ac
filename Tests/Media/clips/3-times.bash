# shellcheck shell=bash disable=SC2154,SC2034
# Of the made set: where the index is, how long a file says it is, and when its pictures are shown.
# Durations that are not true: eight candidates are looked for where there is nothing, or all within the first tenth.
patch duration-too-long.mp4 h264.mp4 duration 50
patch duration-too-short.mp4 h264.mp4 duration 0.1
ff fragmented.mp4 -i h264.mp4 -c copy -movflags frag_keyframe+empty_moov
ff sidx.mp4 -i h264.mp4 -c copy -movflags +dash+global_sidx
ff faststart.mp4 -i h264.mp4 -c copy -movflags faststart
ff one-frame.mp4 -i h264.mp4 -frames:v 1 -c:v libx264
ff short.mp4 -i h264.mp4 -t 0.4 -c:v libx264
# The size changes half-way, as when a camera is turned or a stream's quality: with new parameter sets in the stream, or in the container.
for codec in libx264 libvpx-vp9; do
  case $codec in libx264) kind=(ts flv h264 mkv) ;; *) kind=(webm) ;; esac
  for name in "${kind[@]}"; do
    [ -e "size-change.$name" ] && continue
    quartered=(-filter_complex "$quarters,scale=320:180,format=yuv420p")
    coded=(-c:v "$codec" -g 25)
    [ "$codec" = libvpx-vp9 ] && coded+=(-b:v 1M -deadline realtime -cpu-used 8)
    ffmpeg -v error -y -filter_complex "$quarters,format=yuv420p" "${coded[@]}" "part.a.$name" </dev/null
    ffmpeg -v error -y "${quartered[@]}" "${coded[@]}" "part.b.$name" </dev/null
    case $name in
      h264 | ts) cat "part.a.$name" "part.b.$name" >"part.size-change.$name" ;;
      *)
        printf 'file part.a.%s\nfile part.b.%s\n' "$name" "$name" >part.list
        ffmpeg -v error -y -f concat -i part.list -c copy "part.size-change.$name" </dev/null
        ;;
    esac
    mv "part.size-change.$name" "size-change.$name"
    rm -f "part.a.$name" "part.b.$name" part.list
  done
done
# The same of MJPEG, of which a smaller picture is no field.
if [ ! -e size-change-mjpeg.avi ]; then
  q part.large.avi yuvj420p -c:v mjpeg -q:v 3 -t 0.04
  ff part.small.avi -filter_complex "$quarters,scale=320:180,format=yuvj420p" -c:v mjpeg -q:v 3
  printf 'file part.%s.avi\n' large small >part.list
  ff size-change-mjpeg.avi -f concat -i part.list -c copy
  rm part.list
fi
# Times that are negative, come twice, or are counted in two thousand millionths of a second.
ff negative-times.mkv -i h264.mkv -c copy -output_ts_offset -1 -avoid_negative_ts disabled
ff negative-times.ts -i h264.ts -c copy -output_ts_offset -1 -avoid_negative_ts disabled
ff double-times.mkv -i h264.mp4 -c copy -bsf:v "setts=ts=floor(N/2)*80"
ff all-at-once.mp4 -i h264.mp4 -c copy -bsf:v "setts=ts=1"
ff fine-time-base.mp4 -i h264.mp4 -c copy -video_track_timescale 600000000
ff late-start.ts -i h264.ts -c copy -output_ts_offset 90000
# Long, and nothing tells where a time is: no list of keyframes, or one that ends with the first.
if [ ! -e far-fragments.mp4 ]; then
  coded=(-f lavfi -i "color=black:s=640x360:r=25:d=8" -f lavfi -i mandelbrot=s=640x360:r=25 -filter_complex
    "[1:v]trim=duration=52,setpts=PTS-STARTPTS[m];[0][m]concat,noise=alls=20:allf=t,format=yuv420p" -c:v libx264 -preset ultrafast -b:v 6M)
  ff part.far.mkv "${coded[@]}" -g 50
  [ -e far-no-cues.mkv ] || "$here/patch-mkv" part.far.mkv far-no-cues.mkv no-cues
  ff far-one-keyframe.mkv "${coded[@]}" -g 9999 -sc_threshold 0
  ff far.flv -i part.far.mkv -c copy
  ff far-fragments.mp4 -i part.far.mkv -c copy -movflags empty_moov+default_base_moof+frag_every_frame+skip_trailer
  rm part.far.mkv
fi
# The same with a large cover in the index.
patch far-fragments-cover.mp4 far-fragments.mp4 cover 100000
# The same from tools that do not say of a fragment when it is, and say how long all are.
patch timeless-fragments.mp4 far-fragments.mp4 timeless 60
# MPEG-1 of variable rate, whose length is not that which its told rate makes it.
ff variable-rate.m1v -f lavfi -i mandelbrot=s=640x360:r=25 -t 8 -c:v mpeg1video -q:v 6
# A second that is 2,750 pictures behind the only keyframe.
ff far-second.mp4 -f lavfi -i testsrc2=s=320x180:r=50:d=60 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 9999 -sc_threshold 0
# The same of large pictures, whose blocks show where they are not smoothed, more with each picture.
ff long-gop-blocks.mp4 -f lavfi -i mandelbrot=s=1920x1080:r=25 -t 6 -c:v libx264 -preset veryfast -crf 45 -pix_fmt yuv420p -g 9999 -sc_threshold 0
