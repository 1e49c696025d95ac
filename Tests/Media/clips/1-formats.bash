# shellcheck shell=bash disable=SC2154,SC2034
# Of the made set: containers and codecs, of today and of what was served once.
x265=(-c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=25)
for name in mp4 mov mkv ts flv h264; do q "h264.$name" yuv420p -c:v libx264 -g 25; done
q hevc.mp4 yuv420p "${x265[@]}"
q hevc.ts yuv420p -c:v libx265 -preset ultrafast -x265-params log-level=error
q hevc-open-gop.mkv yuv420p -c:v libx265 -preset ultrafast -x265-params log-level=error:open-gop=1:keyint=25
q hevc.hevc yuv420p "${x265[@]}"
# Grain that the decoder is to add: a message before each keyframe.
grain='import re, sys; sys.stdout.buffer.write(re.sub(b"\0\0\1[\x26\x28\x2a]\1", lambda m: bytes.fromhex("0000014e01130700a00000ff032680") + m[0], sys.stdin.buffer.read()))'
if [ ! -e hevc-grain.mp4 ]; then
  python3 -c "$grain" <hevc.hevc >part.grain.hevc
  ff hevc-grain.mp4 -i part.grain.hevc -c copy
fi
q hevc-10-bit.mp4 yuv420p10le "${x265[@]}"
q hevc-12-bit.mp4 yuv420p12le "${x265[@]}"
q h264-422-10-bit.mp4 yuv422p10le -c:v libx264
q h264-444.mp4 yuv444p -c:v libx264
q h264-full-range.mp4 yuvj420p -c:v libx264
bt709="scale=out_color_matrix=bt709"
ff h264-bt709.mp4 -filter_complex "$quarters,$bt709,format=yuv420p" -c:v libx264 -colorspace bt709 -color_primaries bt709 -color_trc bt709
q vp8.webm yuv420p -c:v libvpx -b:v 1M -deadline realtime
q vp9.webm yuv420p -c:v libvpx-vp9 -b:v 1M -deadline realtime -cpu-used 8
# As video conferences are recorded: a small picture and a large one in each packet.
for kind in webm mp4; do
  [ -e "layers.$kind" ] && continue
  ff part.lower.ivf -f lavfi -i testsrc2=s=160x90:d=1:r=25 -c:v libvpx-vp9 -g 1 -deadline realtime -cpu-used 8
  q part.upper.ivf yuv420p -c:v libvpx-vp9 -b:v 1M -g 2 -deadline realtime -cpu-used 8
  "$here/layers" part.lower.ivf part.upper.ivf part.layers.ivf
  ff "layers.$kind" -i part.layers.ivf -c copy
done
q av1.mp4 yuv420p -c:v libaom-av1 -cpu-used 8 -usage realtime -t 1
ff part.av1.obu -f lavfi -i testsrc2=s=640x360:r=25:d=1 -c:v libaom-av1 -cpu-used 8 -usage realtime
[ -e annexb.obu ] || { "$here/annexb" part.av1.obu part.annexb.obu && mv part.annexb.obu annexb.obu; }
q mpeg1.mpg yuv420p -c:v mpeg1video -q:v 4
q mpeg2.mpg yuv420p -c:v mpeg2video -q:v 4
q mpeg2.ts yuv420p -c:v mpeg2video -q:v 4
q mpeg4.avi yuv420p -c:v mpeg4 -q:v 4
q mpeg4.mp4 yuv420p -c:v mpeg4 -q:v 4
q msmpeg4.avi yuv420p -c:v msmpeg4 -q:v 4
q theora.ogv yuv420p -c:v libtheora -q:v 7
q mjpeg.avi yuvj420p -c:v mjpeg -q:v 3
q wmv2.wmv yuv420p -c:v wmv2 -q:v 4
q flv1.flv yuv420p -c:v flv1 -q:v 4
[ -e vp6.flv ] || { "$here/vp6" part.vp6.flv && mv part.vp6.flv vp6.flv; }
q h263.3gp yuv420p -s 352x288 -c:v h263
q prores.mov yuv422p10le -c:v prores_ks
q quarters.mjpeg yuvj420p -c:v mjpeg -q:v 3 -t 1
ff dnxhd.mov -filter_complex "$quarters,scale=1920:1080:out_color_matrix=bt709,format=yuv422p" -c:v dnxhd -b:v 120M -t 1
q png.mov rgb24 -c:v png -t 0.5
q animation.gif rgb24 -t 2
q animation.avif yuv420p -c:v libaom-av1 -cpu-used 8 -t 0.4
# Two fields of different pictures, of which only the container tells; and a picture that appears gradually.
fields="$quarters,format=yuv422p,split[e][f];[f]hflip[g];[e][g]blend=all_expr='if(mod(Y\,2)\,B\,A)',setfield=tff"
# Both orders are top first: tb is what QuickTime and Matroska call 9.
for name in mjpeg.mov/tt cfhd.mkv/tt huffyuv.mkv/tb; do
  ff "fields-${name%/*}" -filter_complex "$fields" -c:v "${name%.*}" -q:v 2 -field_order "${name#*/}" -t 0.4
done
for name in libvpx/4 libvpx-vp9/4 libaom-av1/4 libtheora/10 wmv1/2 wmv2/2 flv1/2 msmpeg4/2; do
  ff "fields-${name%/*}.mkv" -filter_complex "$fields,scale=interl=1,format=yuv420p,setfield=tff" -c:v "${name%/*}" -q:v "${name#*/}" -b:v 20M -cpu-used 8 -t 0.4
done
ff fields-dnxhr.mkv -filter_complex "$fields,scale=out_color_matrix=bt709" -c:v dnxhd -profile:v dnxhr_hq -t 0.4
# The same as two JPEGs a picture, of which not even the container tells.
ff part.fields.mjpeg -filter_complex "$fields,separatefields" -c:v mjpeg -pix_fmt yuvj422p -q:v 2 -t 0.4
[ -e field-pairs.avi ] || { "$here/field-pairs" part.fields.mjpeg part.avi 640 360 && mv part.avi field-pairs.avi; }
q part.plain.png rgb24 -frames:v 1
ff part.gradual.png -i part.plain.png -flags +ildct
for kind in plain gradual; do
  ff "picture-$kind.m4a" -f lavfi -i sine=d=2 -i "part.$kind.png" -map 0 -map 1 -c:v copy -disposition:v attached_pic
done
q interlaced.mp4 yuv420p -c:v libx264 -flags +ilme+ildct -x264opts tff=1
# Cameras, capture and editing, and what was served once.
for made in flashsv.flv flashsv2.flv ffv1.mkv cfhd.mov qtrle.mov huffyuv.avi ffvhuff.mkv utvideo.avi magicyuv.avi cinepak.mov v210.mov; do
  q "$made" yuv444p -c:v "${made%.*}" -t 0.4
done
q jpeg2000.mov yuv420p -c:v jpeg2000 -t 0.4
q svq1.mov yuv410p -c:v svq1 -q:v 1 -t 0.4
q h263p.avi yuv420p -c:v h263p -q:v 2
bars="testsrc2=s=720x576:r=25:d=1"
ff dv.avi -f lavfi -i $bars -c:v dvvideo -pix_fmt yuv420p
ff dv.dv -f lavfi -i $bars -c:v dvvideo -pix_fmt yuv420p
ff mpeg2.mxf -f lavfi -i $bars -c:v mpeg2video -q:v 4 -pix_fmt yuv420p
ff h264.mxf -f lavfi -i $bars -c:v libx264 -pix_fmt yuv420p
ff dnxhd.mxf -f lavfi -i testsrc2=s=1920x1080:r=25:d=0.4 -c:v dnxhd -b:v 120M -pix_fmt yuv422p
# Each field is a picture of its own.
field=(-c:v libx265 -preset ultrafast -x265-params log-level=error:interlace=tff)
ff hevc-fields.mp4 -filter_complex "$quarters,scale=640:180,setsar=1,format=yuv420p" "${field[@]}"
ff hevc-fields-told.mkv -filter_complex "$quarters,scale=640:180,setsar=1/2,format=yuv420p" "${field[@]}"
# What old uploads, screen recorders, capture cards, set-top boxes and surveillance cameras have.
q rv10.rm yuv420p -s 704x576 -c:v rv10 -q:v 3 -g 25
q rv20.rm yuv420p -c:v rv20 -q:v 3 -g 25
q mpeg4.m4v yuv420p -c:v mpeg4 -q:v 4 -g 25 -f m4v
q raw.y4m yuv420p -t 0.08
q h264.nut yuv420p -c:v libx264 -g 25
q mpeg2.wtv yuv420p -c:v mpeg2video -q:v 4
q parts.mjpeg yuvj420p -c:v mjpeg -q:v 3 -f mpjpeg
for made in msvideo1.avi:rgb555 zmbv.avi:bgr0 asv1.avi:yuv420p asv2.avi:yuv420p y41p.avi:yuv411p cljr.avi:yuv411p r210.mov:gbrp10 r10k.mov:gbrp10 \
  v308.mov:yuv444p v408.mov:yuva444p v410.mov:yuv444p10 yuv4.mov:yuv420p rpza.mov:rgb555 speedhq.avi:yuv422p hap.mov:rgba; do
  q "${made%:*}" "${made#*:}" -c:v "${made%%.*}" -t 0.08
done
q avrn.mov yuvj422p -c:v mjpeg -vtag AVRn -t 0.08
ff avui.mov -filter_complex "$quarters,scale=720:576" -c:v avui -strict -2 -t 0.08
ff smc.mov -filter_complex "$quarters,split[p][v];[p]palettegen[w];[v][w]paletteuse" -c:v smc -t 0.08
ff dirac.mov -filter_complex "$quarters,$bt709,format=yuv420p" -c:v vc2 -t 0.08
small="$quarters,scale=160:112,format=yuvj420p[v]"
ff amv.avi -f lavfi -i anullsrc=r=22050:cl=mono -filter_complex "$small" -map "[v]" -map 0:a -c:v amv -c:a adpcm_ima_amv -block_size 882 -r 25 -t 1 -f amv
for codec in msrle tscc cscd fraps dxtory lagarith 8bps; do
  [ -e "$codec.avi" ] || { "$here/coded" $codec "part.$codec.avi" && mv "part.$codec.avi" "$codec.avi"; }
done
delimited() { # OUTPUT filter options…: as a camera of Dahua's writes it
  [ -e "$1" ] && return
  ffmpeg -v error -y -filter_complex "$2,format=yuv420p" -c:v libx264 -bf 0 -bsf:v h264_metadata=aud=insert "${@:3}" part.delimited.h264 </dev/null
  "$here/dhav" part.delimited.h264 "part.$1"
  mv "part.$1" "$1"
  rm part.delimited.h264
}
delimited h264.dav "$quarters" -g 25
# Dark for long, and larger than what may be read of it.
dark="color=0x080808:s=640x360:r=25:d=20,noise=alls=20:allf=t[a];testsrc2=s=640x360:r=25:d=10,noise=alls=20:allf=t[b];[a][b]concat"
delimited far.dav "$dark" -preset ultrafast -g 50 -b:v 20M
# Sound that no decoder here reads: libavformat would read on for it, by megabytes.
sound=(-f lavfi -i "testsrc2=s=640x360:r=25,noise=alls=20:allf=t" -f lavfi -i sine=r=44100 -t 10)
ff sound.avi "${sound[@]}" -c:v mjpeg -q:v 6 -pix_fmt yuvj420p -c:a pcm_s16le
ff sound.mpg "${sound[@]}" -c:v mpeg2video -b:v 8M -c:a mp2
ff sound.wmv "${sound[@]}" -c:v wmv2 -b:v 8M -c:a wmav2
ff sound.ts "${sound[@]}" -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -b:v 8M -c:a aac
for made in avrp.mov zlib.avi; do q "$made" yuv444p -c:v "${made%.*}" -t 0.08; done
# Its decoder calls every picture predicted.
ff moving.h261 -f lavfi -i mandelbrot=s=352x288:r=25 -t 4 -c:v h261 -q:v 3
for made in h261 h263; do q "bare.$made" yuv420p -s 352x288 -c:v $made -q:v 2; done
ff mpeg2.gxf -f lavfi -i $bars -c:v mpeg2video -q:v 4 -pix_fmt yuv420p
ff dnxhd.dnxhd -filter_complex "$quarters,scale=1920:1080:out_color_matrix=bt709,format=yuv422p" -c:v dnxhd -b:v 120M -t 0.2
