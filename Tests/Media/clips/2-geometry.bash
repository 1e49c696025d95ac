# shellcheck shell=bash disable=SC2154,SC2034
# Of the made set: how a picture lies on its grid: turned, mirrored, cropped, stretched, and of few pixels.
# All eight ways to lay a picture on its grid.
matrices=("1 0 0 1" "-1 0 0 1" "1 0 0 -1" "-1 0 0 -1" "0 1 1 0" "0 -1 1 0" "0 1 -1 0" "0 -1 -1 0")
for number in "${!matrices[@]}"; do
  read -ra matrix <<<"${matrices[number]}"
  patch "matrix-$number.mp4" h264.mp4 matrix "${matrix[@]}"
done
# Only the lower right quarter, or the right half turned to the lower one, is to be seen.
patch clap.mp4 h264.mp4 clap 320 180 160 90
patch clap-turned.mp4 matrix-4.mp4 clap 320 360 160 0
matroska crop.mkv h264.mp4 crop 320 180 0 0
# The same eight by the pose of Matroska: half a turn about the upright axis mirrors, and then it is turned against the clock.
poses=("0 0" "180 0" "180 180" "0 180" "180 90" "0 90" "0 -90" "180 -90")
for number in "${!poses[@]}"; do
  read -ra pose <<<"${poses[number]}"
  matroska "pose-$number.mkv" h264.mp4 pose "${pose[@]}"
done
# Four of them as the coding itself tells, in streams that have no other way to.
while read -r number laid; do
  for name in h264 hevc; do
    # shellcheck disable=SC2086
    [ -e "told-$number.$name" ] || { "$here/orient" "$name.$name" "part.$name" $laid && mv "part.$name" "told-$number.$name"; }
  done
done <<<"1 1 0 0
2 0 1 0
5 0 0 16384
4 1 0 16384"
# A circle as it is displayed, tells whether pixels that are no squares were stretched: wide, tall, and turned besides.
circle() { # OUTPUT WIDTHxHEIGHT ASPECT
  local width=${2%x*} height=${2#*x}
  ff "$1" -f lavfi -i "color=black:s=$2:r=5:d=2,format=yuv420p" \
    -vf "geq=lum='if(lt(hypot((X-$width/2)*$3,Y-$height/2),$height/4),235,16+mod(X+Y,40))':cb=128:cr=128,setsar=$3" -c:v libx264 -g 5
}
circle circle-wide.mp4 480x360 16/11
# As television's recorders have it, with white lines above the picture.
d10=(-c:v mpeg2video -pix_fmt yuv422p -intra_vlc 1 -non_linear_quant 1 -qmin 1 -qmax 3 -ps 1 -g 1 -b:v 50M -minrate 50M -maxrate 50M -bufsize 2M -rc_init_occupancy 2M)
circle part.circle.mp4 720x576 64/45
circle part.circle-30.mp4 720x486 32/27
ff circle-imx.mxf -r 25 -i part.circle.mp4 -vf pad=720:608:0:32:white,setdar=16/9 "${d10[@]}" -f mxf_d10
ff circle-imx.mov -r 25 -i part.circle-30.mp4 -vf pad=720:512:0:26:white,setdar=16/9 "${d10[@]}"
circle circle-tall.mp4 1280x360 1/2
circle circle.mkv 1000x400 1/1
matroska circle-cropped.mkv circle-wide.mp4 crop 100 40 20 0
# A cube of which nothing tells how its sides are laid out.
matroska cube.mkv h264.mp4 project 2
matroska circle-posed.mkv circle-wide.mp4 pose 180 90
for number in 5 6; do
  read -ra matrix <<<"${matrices[number]}"
  patch "circle-matrix-$number.mp4" circle-wide.mp4 matrix "${matrix[@]}"
done
# In GIF's own field for it, pixels four times as high as wide, which no browser has ever heeded.
if [ ! -e circle-told.gif ]; then
  ffmpeg -v error -y -i circle.mkv -t 1 part.circle-told.gif </dev/null
  printf '\1' | dd of=part.circle-told.gif bs=1 seek=12 conv=notrunc status=none
  mv part.circle-told.gif circle-told.gif
fi
ff anamorphic.mp4 -i h264.mp4 -c copy -bsf:v h264_metadata=sample_aspect_ratio=16/11
# Two eyes beside or over each other, whole or squeezed into the room of one, told by Matroska or by H.264 itself; and a view of all directions,
# whose eyes are square. The second one sees it turned.
eyes() { # OUTPUT STACK SIZE options…
  ff "$1" -filter_complex "$quarters,split[l][r];[r]hflip,vflip[o];[l][o]$2,scale=$3,setsar=1,format=yuv420p" -c:v libx264 -g 25 "${@:4}"
}
eyes eyes-beside.mkv hstack 960:270 -metadata:s:v stereo_mode=left_right
eyes eyes-beside-squeezed.mkv hstack 640:360 -metadata:s:v stereo_mode=right_left
eyes eyes-over.mkv vstack 480:540 -metadata:s:v stereo_mode=top_bottom
eyes eyes-over-squeezed.ts vstack 640:360 -x264-params frame-packing=4
eyes eyes-beside.mp4 hstack 960:270 -x264-params frame-packing=3
eyes eyes-beside-squeezed.mp4 hstack 640:360 -x264-params frame-packing=3
ff eyes-lines.mkv -i h264.mp4 -c copy -metadata:s:v stereo_mode=row_interleaved_lr -aspect 8:9
eyes part.round.mp4 hstack 720:360
patch eyes-all-round.mp4 part.round.mp4 all-round
# Less than a pixel from square: the very picture of square ones.
ff nearly-square.mp4 -i h264.mp4 -c copy -aspect 57760:32481
# Level 1 of FFV1 has no slices: from level 3 on, as FFmpeg 8 writes it unless told, it knows no picture of two columns.
for size in 1000x2 2x1000 1x1 3x3 5000x10; do
  ff "shape-$size.mov" -f lavfi -i testsrc2=s=64x64:d=1:r=5 -vf "scale=${size/x/:}" -c:v png
  ff "shape-$size.mkv" -f lavfi -i testsrc2=s=64x64:d=1:r=5 -vf "scale=${size/x/:}" -c:v ffv1 -level 1 -pix_fmt yuv420p
done
