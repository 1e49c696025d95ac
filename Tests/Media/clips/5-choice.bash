# shellcheck shell=bash disable=SC2154,SC2034
# Of the made set: which frame is taken: where it is dark, white, blurred, lettered, or none is a keyframe.
moving="mandelbrot=s=640x360:r=25"
ff black-intro.mp4 -f lavfi -i color=black:s=640x360:r=25:d=12 -f lavfi -i $moving -filter_complex \
  "[1:v]trim=duration=8,setpts=PTS-STARTPTS[m];[0][m]concat,format=yuv420p" -c:v libx264 -g 50
# The same where the header does not tell when the first frame is: what a seek finds first must not be taken for it.
ff black-intro.mkv -i black-intro.mp4 -c copy
ff black-intro-fragmented.mp4 -i black-intro.mp4 -c copy -movflags frag_keyframe+empty_moov
ff black-intro-sidx.mp4 -i black-intro.mp4 -c copy -movflags +dash+global_sidx
ff black-intro.ts -i black-intro.mp4 -c copy
# No keyframe tells when it is shown: only when it is decoded, or one of several pictures of a packet does.
ff black-intro.avi -i black-intro.mp4 -c:v mpeg4 -bf 2 -q:v 3
# As mencoder and some cameras write it: no picture is marked as a keyframe in the index, and each is one.
ff part.marked.avi -i black-intro.mp4 -c:v mjpeg -q:v 3 -pix_fmt yuvj420p
unmarked='import re, sys; at = (data := sys.stdin.buffer.read()).rindex(b"idx1"); sys.stdout.buffer.write(data[:at] + re.sub(rb"00dc.{4}", b"00dc\0\0\0\0", data[at:], flags=re.S))'
[ -e black-intro-unmarked.avi ] || { python3 -c "$unmarked" <part.marked.avi >part.avi && mv part.avi black-intro-unmarked.avi; }
ff black-intro.mpg -i black-intro.mp4 -c:v mpeg2video -g 1 -q:v 6
# Sound is heard for ten seconds before the first picture.
for name in mp4 flv ts mkv; do
  ff "late-picture.$name" -f lavfi -i sine=d=30 -itsoffset 10 -i black-intro.mp4 -map 0 -map 1:v -c:v copy -c:a aac
done
# Good throughout: taken from the body of the video, wherever the index is, and whatever it leaves out.
ff good.mp4 -f lavfi -i $moving -t 30 -c:v libx264 -pix_fmt yuv420p -g 50
ff good.mkv -i good.mp4 -c copy
ff good-fragmented.mp4 -i good.mp4 -c copy -movflags frag_keyframe+empty_moov
ff good-no-index.mp4 -i good.mp4 -c copy -movflags frag_keyframe+empty_moov+skip_trailer
# The last fragments are of another track.
ff good-long-sound.mp4 -i good.mp4 -f lavfi -i sine=d=36 -map 0:v -map 1 -c:v copy -c:a aac -movflags empty_moov+default_base_moof -frag_duration 2000000
# The sound's list of fragments (mfra) comes first, and its times are in other units.
ff good-sound-first.mp4 -f lavfi -i sine=d=30:r=48000 -i good.mp4 -map 0 -map 1:v -c:v copy -c:a aac -movflags frag_keyframe+empty_moov
# All durations are zero.
patch good-no-duration.mp4 good.mp4 duration 0
ff good-sidx.mp4 -i good.mp4 -c copy -movflags +dash+global_sidx
# A list of lists, of one list.
patch good-sidx-twice.mp4 good-sidx.mp4 lists
ff good.ts -i good.mp4 -c copy
# One keyframe, and five seconds of a fade from black or white behind it: the first picture that can be made out is no good one yet.
for colour in black white; do
  ff "fade-from-$colour.mp4" -t 10 -i good.mp4 -vf "fade=in:0:125:color=$colour" -c:v libx264 -g 500
  ff "short-fade-from-$colour.mp4" -t 10 -i good.mp4 -vf "fade=in:0:60:color=$colour" -c:v libx264 -g 500
done
ff fade-in-and-out.mp4 -t 6 -i good.mp4 -vf fade=in:0:50,fade=out:75:75 -c:v libx264 -g 500
# Recorded from a stream that had gone on for long: the first picture is not at 0.
ff good-late.mkv -i good.mp4 -c copy -output_ts_offset 3600
patch good-late.mp4 good-no-index.mp4 later 1700000000
# As video conferences are recorded: small at first, and no duration.
if [ ! -e growing.webm ]; then
  coded=(-c:v libvpx -b:v 1M -g 100 -deadline realtime -cpu-used 8)
  ffmpeg -v error -y -f lavfi -i testsrc2=s=160x90:r=25:d=3 "${coded[@]}" part.a.webm </dev/null
  ffmpeg -v error -y -t 6 -i good.mp4 "${coded[@]}" part.b.webm </dev/null
  printf 'file part.a.webm\nfile part.b.webm\n' >part.list
  ffmpeg -v error -y -f concat -i part.list -c copy -f webm -live 1 - >part.growing.webm </dev/null
  mv part.growing.webm growing.webm
  rm part.a.webm part.b.webm part.list
fi
# An edit list that hides all of it, and one where no picture says that it is a keyframe.
[ -e hidden.mp4 ] || "$here/patch-mp4" good.mp4 hidden.mp4 hide
ff part.keys.mkv -f lavfi -i $moving -t 10 -c:v libx265 -x265-params log-level=error:keyint=50 -pix_fmt yuv420p
[ -e keyless-hevc.mkv ] || "$here/patch-mkv" part.keys.mkv keyless-hevc.mkv keyless
# The same in FLV, black at first, and so short that it ends before that is known.
keyless='import re, sys; sys.stdout.buffer.write(re.sub(rb"(?s)(\x09.{7}\0{3})\x12", b"\\1\x22", sys.stdin.buffer.read()))'
ff part.keys.flv -ss 9 -i black-intro.mp4 -t 8 -c:v flv1 -q:v 4 -g 25
[ -e keyless-flv1.flv ] || { python3 -c "$keyless" <part.keys.flv >part.keyless.flv && mv part.keyless.flv keyless-flv1.flv; }
# Next to nothing on black, and on white: more than nothing at all.
mark="drawbox=x=300:y=120:w=40:h=40:color=gray:t=fill:enable='gte(t,6)'"
ff mark-on-black.mp4 -f lavfi -i color=black:s=640x360:r=25:d=10 -vf "$mark,format=yuv420p" -c:v libx264 -g 25
ff mark-on-white.mp4 -f lavfi -i color=white:s=640x360:r=25:d=10 -vf "$mark,format=yuv420p" -c:v libx264 -g 25
ff white-intro.mp4 -f lavfi -i color=white:s=640x360:r=25:d=6 -f lavfi -i $moving -filter_complex \
  "[1:v]trim=duration=8,setpts=PTS-STARTPTS[m];[0][m]concat,format=yuv420p" -c:v libx264 -g 50
# Snow in the beginning of a recording, and a palette that the file's header alone has.
ff snow.mp4 -f lavfi -i "color=gray:s=640x360:r=25:d=6,noise=alls=100:allf=t" -f lavfi -i $moving -filter_complex \
  "[1:v]trim=duration=4,setpts=PTS-STARTPTS[m];[0][m]concat,format=yuv420p" -c:v libx264 -g 50
# More of it than is decoded in one go, over all keyframes.
ff snow-uncut.mp4 -f lavfi -i "color=gray:s=640x360:r=25:d=8.2,noise=alls=100:allf=t" -f lavfi -i $moving -filter_complex \
  "[1:v]trim=duration=1.8,setpts=PTS-STARTPTS[m];[0][m]concat,format=yuv420p" -c:v libx264 -preset ultrafast -crf 30 -g 50 -sc_threshold 0
ff palette.avi -f lavfi -t 0.4 -i $moving -vf "split[a][b];[a]palettegen[p];[b][p]paletteuse" -c:v rawvideo -pix_fmt pal8
ff palette.mkv -i palette.avi -c copy -allow_raw_vfw 1
ff fades.mp4 -f lavfi -i $moving -t 10 -vf "fade=in:0:75,fade=out:175:75,format=yuv420p" -c:v libx264 -g 25
# A title that appears letter by letter on a soft ground, behind the only keyframe.
letters="geq=lum='lum(X,Y)+(180-Y)/2.4':cb='cb(X\,Y)':cr='cr(X\,Y)',format=yuv420p"
for n in 0 1 2 3 4 5 6 7; do
  letters+=",drawbox=x=$((60 + 66 * n)):y=140:w=44:h=70:color=orange:t=fill:enable='gte(t,0.3+0.1*$n)'"
  letters+=",drawbox=x=$((70 + 66 * n)):y=160:w=24:h=30:color=brown:t=fill:enable='gte(t,0.3+0.1*$n)'"
done
ff lettered.mp4 -f lavfi -i color=0x4070a0:s=640x360:r=25:d=4 -vf "$letters" -c:v libx264 -g 9999 -sc_threshold 0
# Each shot fades from black and to black, so that every keyframe is black but one, which is within a fade.
level='min(1\,min(mod(T\,6)\,6-mod(T\,6))/2)'
ff fading-shots.mp4 -f lavfi -i $moving -t 24 -vf "geq=lum='16+(lum(X\,Y)-16)*$level':cb='128+(cb(X\,Y)-128)*$level':cr='128+(cr(X\,Y)-128)*$level',format=yuv420p" \
  -c:v libx264 -preset veryfast -g 600 -sc_threshold 0 -force_key_frames 0,6,12,18,22.6
# The only keyframe passes for a picture, and what comes a second later is a far better one.
ff dim-start.mp4 -f lavfi -i "$moving:start_scale=0.5" -t 6 -vf "eq=brightness=-0.25:contrast=0.7:saturation=0.3:enable='lt(t,1)',format=yuv420p" \
  -c:v libx264 -preset veryfast -g 9999 -sc_threshold 0
ff flashes.mp4 -f lavfi -i $moving -t 10 -vf "eq=brightness='if(lt(mod(t,2),1),0.95,0)':eval=frame,format=yuv420p" -c:v libx264 -g 25
ff blurred.mp4 -f lavfi -i $moving -t 10 -vf "boxblur=30:enable='lt(mod(t,3),2)',format=yuv420p" -c:v libx264 -g 25
# Lettering on one colour, sharp and rich in contrast, over a third of the video and where is looked first; and what a panning camera smears.
letters=""
for x in 100 190 280 370 460; do
  letters+=",drawbox=x=$x:y=110:w=60:h=14:color=white:t=fill,drawbox=x=$((x + 23)):y=110:w=14:h=110:color=white:t=fill"
  letters+=",drawbox=x=$x:y=240:w=70:h=10:color=white:t=fill"
done
ff title-cards.mp4 -f lavfi -i "color=navy:s=640x360:r=25:d=4" -f lavfi -i $moving -filter_complex \
  "[0:v]null${letters},split=2[c][d];[1:v]trim=duration=3,setpts=PTS-STARTPTS,split=2[m][n];[m][c][n][d]concat=n=4,format=yuv420p" \
  -t 14 -c:v libx264 -g 25
ff motion-blur.mp4 -f lavfi -i $moving -t 12 -vf "avgblur=sizeX=90:sizeY=1:enable='lt(mod(t,3),2)',format=yuv420p" -c:v libx264 -g 25
ff long-gop.mp4 -f lavfi -i color=black:s=640x360:r=25:d=12 -f lavfi -i $moving -filter_complex \
  "[1:v]trim=duration=28,setpts=PTS-STARTPTS[m];[0][m]concat,format=yuv420p" -c:v libx264 -g 250 -sc_threshold 0 -preset ultrafast
# Black but for the last moments, which none of the usual places meets; and the same with one keyframe, far before them.
late=(-f lavfi -i color=black:s=640x360:r=25:d=60 -f lavfi -i "$moving" -filter_complex
  "[1:v]trim=duration=3,setpts=PTS-STARTPTS[m];[0][m]concat,format=yuv420p" -c:v libx264 -preset ultrafast)
ff late.mp4 "${late[@]}" -g 50
ff late.mkv -i late.mp4 -c copy
ff late-one-keyframe.mp4 -ss 39 -i late.mp4 -c:v libx264 -preset ultrafast -g 9999 -sc_threshold 0
# The same in one colour, as a recorder without a signal shows it.
[ -e late-blue.ts ] || ff part.blue.mp4 -f lavfi -i color=0x1010a0:s=640x360:r=25:d=57 -f lavfi -i "$moving" -filter_complex \
  "[1:v]trim=duration=3,setpts=PTS-STARTPTS[m];[0][m]concat,format=yuv420p" -c:v libx264 -preset ultrafast -g 50
ff late-blue.ts -i part.blue.mp4 -c copy
# A page of text: nearly white, and no flash.
page="color=white:s=640x360:r=5:d=6"
for y in 40 70 100 130 160 190 220 250; do
  for x in 60 120 180 240 300 360 420; do page+=",drawbox=x=$((x + y % 40)):y=$y:w=$((30 + (x + y) % 17)):h=3:color=black:t=fill"; done
done
ff text-page.mp4 -f lavfi -i "$page" -c:v libx264 -pix_fmt yuv420p -g 10
# An editor's window: words in several tones on dark grey, and neither night nor a title.
page="color=0x1e1e1e:s=640x360:r=5:d=6"
tones=(0xcccccc 0x9cdcfe 0xce9178 0x6a9955)
for y in 20 50 80 110 140 170 200 230 260 290 320; do
  for x in 20 90 160 230 300 370 440 510; do
    page+=",drawbox=x=$((x + y % 40)):y=$y:w=$((30 + (x + y) % 27)):h=$((4 + x % 3)):color=${tones[(x + y / 10) % 4]}:t=fill"
  done
done
ff dark-page.mp4 -f lavfi -i "$page" -c:v libx264 -pix_fmt yuv420p -g 10
# A terminal's window: thin strokes on black.
ff black-page.mp4 -f lavfi -i color=black:s=640x360:r=5:d=6 -vf \
  "geq=lum='16+lt(X\,560)*lt(mod(Y\,16)\,9)*lt(mod(X\,7)\,1+mod(floor(X/7)\,2))*gt(mod(floor(X/7)*7+floor(Y/16)*5\,11)\,3)*(100+30*mod(floor(X/7)+floor(Y/16)\,4))':cb=128:cr=128" -c:v libx264 -pix_fmt yuv420p -g 10
# A slide of few words.
ff slide.mp4 -f lavfi -i color=white:s=640x360:r=5:d=6 -vf "geq=lum='if(lt(Y\,44)\,40\,if(lt(mod(Y\,60)\,10)*between(Y\,100\,260)*between(X\,60\,160+mod(floor(Y/60)*97\,200))*\
lt(mod(X\,12)\,7)*gt(mod(floor(X/12)*7\,11)\,2)\,20\,235))':cb=128:cr=128" -c:v libx264 -pix_fmt yuv420p -g 10
# A chart on black, of thin lines, and a small window of an editor with few words: less than a page.
ff black-chart.mp4 -f lavfi -i color=black:s=1280x720:r=1:d=3 -vf "geq=lum='if(lt(abs(Y-360-180*sin(X/90)-60*sin(X/34))\,2)+lt(abs(Y-300-120*cos(X/122))\,2)\,180\,\
if(lt(mod(Y\,120)\,2)\,50\,16))':cb=128:cr=128,scale=640:360:flags=area" -c:v libx264 -pix_fmt yuv420p -g 1
ff small-page.gif -f lavfi -i color=black:s=640x360:r=1:d=3 -vf "geq=lum='if(lt(X\,60+mod(floor(Y/30)*97\,260))*gt(X\,16)*lt(mod(Y\,30)\,14)*lt(mod(X\,12)\,9)*\
lt(mod(floor(X/3)*floor(X/3)*7+floor(Y/3)*floor(Y/3)*5+floor(X/3)*floor(Y/3)*3\,11)\,5)\,160\,45)':cb=128:cr=128,scale=320:180:flags=area,format=gray"
# What fills the frame beside an upright video, and above and below a dark film.
ff pillars.mp4 -i good.mp4 -vf crop=300:360,pad=640:360:170:0 -c:v libx264 -preset veryfast -g 50
ff dark-letterbox.mp4 -i good.mp4 -vf eq=brightness=-0.3:contrast=0.5,crop=640:150,pad=640:360:0:105 -c:v libx264 -preset veryfast -g 50
ff letterbox.mp4 -f lavfi -i $moving -t 6 -vf "scale=640:270,pad=640:360:0:45,format=yuv420p" -c:v libx264 -g 25
ff one-keyframe.mp4 -f lavfi -i $moving -t 12 -c:v libx264 -g 9999 -sc_threshold 0 -preset ultrafast -pix_fmt yuv420p
# Each search for another one goes to the end, from wherever it begins.
ff one-keyframe.ts -i one-keyframe.mp4 -c copy
ff black.mp4 -f lavfi -i color=black:s=640x360:d=4 -c:v libx264 -pix_fmt yuv420p
# The second of two pictures is the first that shows something.
two="color=black:s=640x360:r=25,trim=end_frame=1[k];$quarters,trim=end_frame=1[l];[k][l]concat"
ff two.mp4 -filter_complex "$two,format=yuv420p" -c:v libx264
ff two.gif -filter_complex "$two,format=rgb24"
# The end of an animation, which is between two steps of a search that takes longer and longer ones.
ff end-only.gif -filter_complex "color=black:s=640x360:r=10:d=10[k];$quarters,fps=10[l];[k][l]concat,format=rgb24"
ff tiny.mp4 -f lavfi -i testsrc2=s=16x16:d=2 -c:v libx264 -pix_fmt yuv420p
ff odd-size.mp4 -f lavfi -i testsrc2=s=321x243:d=2 -c:v libx264 -pix_fmt yuv444p
ff 8k.mp4 -f lavfi -i testsrc2=s=7680x4320:d=0.1:r=10 -c:v libx264 -preset ultrafast -pix_fmt yuv420p
# Only the lower right quarter of a picture that is halved before it is kept.
ff part.8k-quarters.mp4 -filter_complex "$quarters,scale=7680:4320:flags=neighbor,format=yuv420p" -t 0.04 -c:v libx264 -preset ultrafast
patch 8k-clap.mp4 part.8k-quarters.mp4 clap 3840 2160 1920 1080
# The largest of what cameras and platforms make: several keyframes of it fit into the memory a decoder has.
ff 8k-av1-10-bit.mp4 -filter_complex "$quarters,scale=7680:4320:out_color_matrix=bt709,format=yuv420p10le" -t 0.24 -c:v libaom-av1 -cpu-used 8 -usage realtime -g 2 -row-mt 1 -tiles 4x2
# Nothing but black for longer than is decoded in one go, in files that do not tell how long they are.
if [ ! -e long-black.mkv ]; then
  ffmpeg -v error -y -f lavfi -i color=black:s=320x180:r=60:d=10 -f lavfi -i mandelbrot=s=320x180:r=60 -filter_complex \
    "[1:v]trim=duration=8,setpts=PTS-STARTPTS[m];[0][m]concat,format=yuv420p" -c:v libx264 -g 120 part.long-black.mkv </dev/null
  mv part.long-black.mkv long-black.mkv
fi
# An animation of so many bytes that it cannot be read again for each place.
ff long-black-large.gif -f lavfi -i color=black:s=320x180:r=25:d=2 -f lavfi -i "mandelbrot=s=320x180:r=25,noise=alls=60:allf=t" -filter_complex \
  "[1:v]trim=duration=3,setpts=PTS-STARTPTS[m];[0][m]concat"
ff long-black-live.mkv -i long-black.mkv -c copy -live 1
ff long-black-live.webm -i long-black.mkv -c:v libvpx -deadline realtime -cpu-used 8 -g 120 -b:v 1M -live 1
ff long-black.h264 -i long-black.mkv -c copy
ff long-black-fragmented.mp4 -i long-black.mkv -c copy -movflags frag_keyframe+empty_moov+skip_trailer
# Fragments of one picture each, all said to be keyframes, by a program that leaves the flags at zero.
ff part.long-black-keys.mp4 -f lavfi -i color=black:s=320x180:r=25:d=60 -f lavfi -i mandelbrot=s=320x180:r=25 -filter_complex \
  "[1:v]trim=duration=20,setpts=PTS-STARTPTS[m];[0][m]concat,format=yuv420p" -c:v libx265 -preset ultrafast \
  -x265-params log-level=error:keyint=100:scenecut=0 -movflags empty_moov+frag_every_frame
patch long-black-all-keys.mp4 part.long-black-keys.mp4 all-keys
# A keyframe every ten seconds, and none where the black ends.
for name in mp4 ts; do
  ff long-black-uncut.$name -f lavfi -i color=black:s=320x180:r=25:d=37 -f lavfi -i mandelbrot=s=320x180:r=25 -filter_complex \
    "[1:v]trim=duration=3,setpts=PTS-STARTPTS[m];[0][m]concat,format=yuv420p" -c:v libx264 -preset ultrafast -g 250 -sc_threshold 0
done
# More pictures than MEDIA_MAX_FRAMES, but nearly all the same.
ff large-black.mkv -f lavfi -i color=black:s=1280x720:r=60:d=8 -f lavfi -i mandelbrot=s=1280x720:r=60 -filter_complex \
  "[1:v]trim=duration=1,setpts=PTS-STARTPTS[m];[0][m]concat,format=yuv420p" -c:v libx264 -preset ultrafast -g 9999 -sc_threshold 0 -live 1
ff long-black.avi -i long-black.mkv -c:v mpeg4 -g 120 -q:v 4
ff long-black.gif -i long-black.mkv -vf fps=50
ff long-black.mjpeg -i long-black.mkv -c:v mjpeg -q:v 4 -pix_fmt yuvj420p
# A square, whose thumbnail is its middle: until 18 s nearly all that is to be seen is above and below that.
until="enable='lt(t,18)'"
ff outside.mp4 -f lavfi -i mandelbrot=s=480x480:r=25 -t 30 -vf "drawbox=y=105:h=270:w=160:color=0x405060:t=fill:$until,\
drawbox=x=160:w=160:y=105:h=270:color=0xb09070:t=fill:$until,drawbox=x=320:y=105:h=270:color=0x706090:t=fill:$until,\
drawbox=x=180:y=220:w=120:h=40:color=white:t=4:$until,eq=contrast=0.5:saturation=0.4:enable='gte(t,18)',format=yuv420p" -c:v libx264 -preset ultrafast -g 50
# The same for an upright thumbnail of a wide video: nearly all is beside its middle.
ff outside-upright.mp4 -f lavfi -i mandelbrot=s=640x360:r=25 -t 30 -vf "drawbox=x=215:w=210:color=0xb09070:t=fill:$until,\
drawbox=x=260:y=160:w=120:h=40:color=white:t=4:$until,eq=contrast=0.5:saturation=0.4:enable='gte(t,18)',format=yuv420p" -c:v libx264 -preset ultrafast -g 50
# And turned, for a wide thumbnail of an upright video.
patch outside-turned.mp4 outside-upright.mp4 matrix 0 1 -1 0
# Files behind a black one, each with a head of its own: appended, or as links of a chain.
append() { # OUTPUT codec…
  local output=$1 kind=${1##*.}
  shift
  [ -e "$output" ] && return
  ff "part.dark.$kind" -f lavfi -i color=black:s=640x360:r=25:d=12 -f lavfi -i sine=d=12 -pix_fmt yuv420p "$@"
  q "part.light.$kind" yuv420p "$@"
  cat "part.dark.$kind" "part.dark.$kind" "part.light.$kind" >"part.$output"
  # Of a chain, each link has numbers of its own.
  [ "$kind" != ogv ] || { ff part.dark-2.ogv -i part.dark.ogv -c copy -serial_offset 9 && cat part.dark.ogv part.dark-2.ogv part.light.ogv >"part.$output"; }
  mv "part.$output" "$output"
}
for kind in mkv mp4; do append "appended.$kind" -c:v libx264 -g 25 -preset ultrafast; done
append appended.wmv -c:v wmv2 -q:v 4 -g 25
append appended.avi -c:v mpeg4 -q:v 4 -g 25
# Read on into the second file: the told duration is that of the first.
[ -e appended-once.avi ] || cat part.dark.avi part.light.avi >appended-once.avi
append appended.ogv -c:v libtheora -q:v 7 -g 25
# Every keyframe is black, and a little of what follows it.
ff dark-keyframes.mp4 -f lavfi -i mandelbrot=s=320x180:r=25 -t 12 -c:v libx264 -g 50 -keyint_min 50 -sc_threshold 0 \
  -vf "drawbox=color=black:t=fill:enable='lt(mod(n,50),4)',format=yuv420p"
ff dark-keyframes.ts -i dark-keyframes.mp4 -c copy
# Cut off while it fades from black: its lightest picture is alone, and the best.
ff fade-cut-short.webm -f lavfi -i color=0x282522:s=640x360:r=24:d=1 -vf "drawbox=x=500:y=260:w=140:h=100:color=0x102808:t=fill,fade=in:0:26" \
  -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 240
