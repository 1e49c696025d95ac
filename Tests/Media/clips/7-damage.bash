# shellcheck shell=bash disable=SC2154,SC2034
# Of the made set: what is damaged, cut off, encrypted, or no video.
cut() { head -c "$(($(stat -c %s "$1") * $2 / 100))" "$1" >"cut-$2-$1"; }
for share in 30 50 80 95; do
  for file in faststart.mp4 h264.ts h264.mkv mpeg2.mpg; do cut "$file" $share; done
done
head -c "$(($(stat -c %s h264.mp4) * 9 / 10))" h264.mp4 >no-index.mp4
tail -c "$(($(stat -c %s h264.ts) * 2 / 3))" h264.ts >starts-inside.ts
cp h264.mkv zeroes-inside.mkv
dd if=/dev/zero of=zeroes-inside.mkv bs=4096 seek=8 count=4 conv=notrunc status=none
# Every picture claims to be one that needs no other, and only the first is.
for codec in hevc mpeg4; do
  case $codec in hevc) coder=(-c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=9999) ;; *) coder=(-c:v mpeg4 -g 600 -q:v 4) ;; esac
  q "part.one-$codec.mp4" yuv420p "${coder[@]}"
  LC_ALL=C sed 's/stss/free/' "part.one-$codec.mp4" >"all-claim-$codec.mp4"
done
# Light for three seconds between two keyframes, which is found by going back to the beginning.
ff part.short-light.mp4 -f lavfi -i color=black:s=640x360:r=25:d=40 -f lavfi -i "$moving" -filter_complex \
  "[1:v]trim=duration=3,setpts=PTS-STARTPTS+5/TB[m];[0][m]overlay=enable='between(t,5,8)':eof_action=pass,format=yuv420p" \
  -c:v libx264 -preset ultrafast -g 250 -keyint_min 250 -sc_threshold 0
ff short-light.mkv -i part.short-light.mp4 -c copy
ff short-light-fragmented.mp4 -i part.short-light.mp4 -c copy -movflags frag_keyframe+empty_moov
# Every keyframe that is listed is behind the end.
unlisted='import re, sys; sys.stdout.buffer.write(re.sub(rb"(?s)(stss.{8})\0\0", lambda m: m[1] + b"\x7f\xff", sys.stdin.buffer.read()))'
ff part.unlisted-keys.mp4 -i one-keyframe.mp4 -t 2 -c copy
[ -e unlisted-keys.mp4 ] || { python3 -c "$unlisted" <part.unlisted-keys.mp4 >part.mp4 && mv part.mp4 unlisted-keys.mp4; }
# The second keyframe is damaged, and what refers to it shows that without saying so.
ff damage-spreads.mp4 -i h264.mp4 -c copy -bsf:v "noise=amount='if(eq(n,25),40,0)'"
# Junk of a page and a half, always the same.
junk() { openssl enc -aes-128-ctr -K "$(printf '%032d' "$1")" -iv "$(printf '%032d' 0)" -in /dev/zero 2>/dev/null | head -c 6000 || true; }
# Some wrong bytes in the one keyframe there is, behind its head: nothing that follows is sound. One of the videos is dark, too.
ff part.night.mp4 -f lavfi -i color=0x080808:s=640x360:r=25:d=1,noise=alls=12:allf=t,format=yuv420p -c:v libx264 -preset ultrafast -g 9999
for clip in first:one-keyframe dark:part.night; do
  damaged=damage-${clip%:*}.mp4 whole=${clip#*:}.mp4
  first=$(ffprobe -v error -select_streams v -show_entries packet=pos,size -read_intervals '%+#1' -of default=nw=1 "$whole")
  cp "$whole" "$damaged"
  junk 3 | dd of="$damaged" bs=1 count=64 conv=notrunc status=none \
    seek=$(($(sed -n 's/^pos=//p' <<<"$first") + $(sed -n 's/^size=//p' <<<"$first") * 6 / 10))
done
# All keyframes are damaged near their ends, blurred ones and sharp ones; and all that are more than black.
for file in blurred.mp4:damage-everywhere.mp4 black-intro.mp4:damage-behind-black.mp4; do
  cp "${file%:*}" "${file#*:}"
  while IFS=, read -r _ size place _; do
    [ "$size" -lt 2000 ] || junk "$place" | dd of="${file#*:}" bs=1 count=64 conv=notrunc status=none seek=$((place + size * 7 / 10))
  done < <(ffprobe -v error -select_streams v -show_entries packet=size,pos,flags -of csv "${file%:*}" | grep K)
done
# Pictures are lost, and those that follow refer to them: from within the black ones up to the second keyframe, or to the end.
for name in lost-pictures.h264:100 lost-pictures-onward.mkv:999; do
  ff "${name%:*}" -f lavfi -i color=black:s=640x360:r=25:d=2 -f lavfi -i "testsrc2=s=640x360:r=25:d=8" -filter_complex "[0][1]concat,format=yuv420p" \
    -c:v libx264 -preset ultrafast -tune zerolatency -g "${name#*:}" -sc_threshold 0 -bsf:v "noise=drop=gt(n\,40)*not(key)*eq(mod(n\,7)\,0)"
done
# The second half is damaged, the first is sound.
if [ ! -e damage-later.mp4 ]; then
  q part.damage-later.mp4 yuv420p -g 25
  python3 - part.damage-later.mp4 <<'PY'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
start = data.index(b"mdat")
for at in range((start + len(data)) // 2, data.rindex(b"moov") - 100, 200):
    data[at] ^= 8
open(sys.argv[1], "wb").write(data)
PY
  mv part.damage-later.mp4 damage-later.mp4
fi
for file in h264.ts mpeg2.mpg h264.mp4 h264.mkv h264.flv mpeg4.avi theora.ogv wmv2.wmv; do
  { junk 1 && cat "$file"; } >"junk-before-$file"
done
# Disguised as a picture.
for dot in png gif jpg; do
  ff "part.dot.$dot" -f lavfi -i color=red:s=16x16 -frames:v 1
  for file in h264.ts h264.mp4 h264.mkv; do cat "part.dot.$dot" "$file" >"behind-$dot-$file"; done
done
# Photographs of telephones with a video behind: in a JPEG, which tells how long it is, as newer and as older ones do, with a directory behind
# it, as Samsung's have, and in HEIF.
ff part.photograph.jpg -f lavfi -i "testsrc2=s=1600x1200,noise=alls=40" -frames:v 1 -q:v 2
photograph='import sys, struct
picture, video, told = open(sys.argv[1], "rb").read(), open(sys.argv[2], "rb").read(), sys.argv[3]
box = lambda name, body: struct.pack(">I4s", 8 + len(body), name) + body
text = b"http://ns.adobe.com/xap/1.0/\0" + told.replace("N", str(len(video))).encode()
heif = box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(200)) + box(b"mdat", picture) + box(b"mpvd", video)
part = b"\0\0\x30\x0a" + struct.pack("<I", 16) + b"MotionPhoto_Data" + video
directory = b"SEFH" + struct.pack("<IIIII", 107, 1, 0x0a300000, len(part), len(part))
samsung = picture + part + directory + struct.pack("<I", len(directory)) + b"SEFT"
sys.stdout.buffer.write(heif if told == "heif" else samsung if told == "samsung" else picture[:2] + b"\xff\xe1" + struct.pack(">H", len(text) + 2) + text + picture[2:] + video)'
while read -r name told; do
  [ -e "$name" ] || { python3 -c "$photograph" part.photograph.jpg h264.mp4 "$told" >"part.$name" && mv "part.$name" "$name"; }
done <<'PHOTOGRAPHS'
photograph-newer.mp4 <Container:Item Item:Mime="image/jpeg" Item:Length="0"/><Container:Item Item:Length="N" Item:Semantic="MotionPhoto"/>
photograph-older.mp4 <rdf:Description GCamera:MicroVideo="1" GCamera:MicroVideoOffset="N"/>
photograph-heif.mp4 heif
photograph-samsung.mp4 samsung
PHOTOGRAPHS
# A tag of sound files (ID3) of 100,010 bytes, which libavformat passes over.
for file in h264.ts h264.mp4; do
  { printf 'ID3\4\0\0\0\6\15\40' && head -c 100000 /dev/zero && cat "$file"; } >"tag-before-$file"
done
for file in h264.ts mpeg2.mpg h264.mkv h264.flv; do
  half=$(($(stat -c %s "$file") / 2))
  { head -c $half "$file" && junk 2 && tail -c +$((half + 1)) "$file"; } >"junk-inside-$file"
done
for file in faststart.mp4 mpeg4.avi; do
  cp "$file" "zeroes-inside-$file"
  dd if=/dev/zero of="zeroes-inside-$file" bs=4096 seek=$(($(stat -c %s "$file") / 8192)) count=2 conv=notrunc status=none
done
{ head -c 1000000 /dev/zero && cat h264.ts; } >zeroes-before.ts
key=00112233445566778899aabbccddeeff
ff encrypted.mp4 -i h264.mp4 -c copy -encryption_scheme cenc-aes-ctr -encryption_key $key -encryption_kid $key
printf '#EXTM3U\n#EXTINF:1,\nh264.ts\n' >playlist.m3u8
cp playlist.m3u8 playlist.mp4
printf 'ffconcat version 1.0\nfile h264.mp4\n' >concat.mp4
printf '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>' >manifest.mpd
printf '{"error": "not found"}' >error.json
head -c 4000 /dev/zero >zeroes.mp4
{ head -c 32768 /dev/zero && printf '\1CD001\1' && head -c 4000 /dev/zero; } >disc.mp4
# Files of other kinds, with a video or photographs in them that are stored as they are.
{ head -c 32768 /dev/zero && printf '\1CD001\1' && head -c 4000 /dev/zero && cat h264.ts; } >disc-with-video.mp4
{ printf '%%PDF-1.7\n' && cat quarters.mjpeg; } >document.mp4
{ printf 'PK\3\4%26s' '' && cat quarters.mjpeg; } >archive.mp4
head -c 100 h264.mkv >head.mkv
printf '[Script Info]\nTitle: x\n' >subtitles.mp4
at=$(grep -abo mdat faststart.mp4 | head -n 1)
head -c "$((${at%%:*} + 4))" faststart.mp4 >head-only.mp4
# A QuickTime movie whose samples are in another file.
LC_ALL=C sed 's/url \x00\x00\x00\x01/url \x00\x00\x00\x00/' head-only.mp4 >reference.mov
# What only who has a key can read; of the first, its first fragment can be read by all.
q fragments.mp4 yuv420p -g 25 -movflags frag_keyframe+empty_moov+default_base_moof+global_sidx
[ -e clear-lead.mp4 ] || { "$here/protect" fragments.mp4 part.clear-lead.mp4 1 && mv part.clear-lead.mp4 clear-lead.mp4; }
# The same broken off, and without the list of fragments.
head -c "$(($(stat -c %s clear-lead.mp4) * 9 / 10))" clear-lead.mp4 >clear-lead-cut.mp4
q part.unlisted.mp4 yuv420p -g 25 -movflags frag_keyframe+empty_moov+default_base_moof
[ -e clear-lead-unlisted.mp4 ] || "$here/protect" part.unlisted.mp4 clear-lead-unlisted.mp4 1
# A head that names a key system, and no encryption.
at=$(grep -abo sidx fragments.mp4 | head -n 1)
head -c "$((${at%%:*} - 4))" fragments.mp4 | LC_ALL=C sed 's/udta/pssh/' >head-with-pssh.mp4
[ -e encrypted-fragments.mp4 ] || { "$here/protect" fragments.mp4 part.encrypted-fragments.mp4 0 && mv part.encrypted-fragments.mp4 encrypted-fragments.mp4; }
matroska encrypted.mkv h264.mp4 encrypt
# FFmpeg warns that nobody will know what it is.
ff nameless.ts -i vp9.webm -c copy
[ -e scrambled.ts ] || "$here/encrypt" h264.ts scrambled.ts
# The same with 16 bytes behind each packet, as a broadcast has them.
[ -e scrambled-204.ts ] || python3 -c 'import re, sys; sys.stdout.buffer.write(re.sub(rb"(?s).{188}", lambda m: m[0] + bytes(16), sys.stdin.buffer.read()))' <scrambled.ts >scrambled-204.ts
for name in h264.ts good.ts; do [ -e "scrambled-heads-$name" ] || "$here/encrypt" --heads $name "scrambled-heads-$name"; done
q part.dvd.vob yuv420p -c:v mpeg2video -q:v 4 -f vob
[ -e scrambled.vob ] || "$here/encrypt" part.dvd.vob scrambled.vob
# What decodes to grey, and says nothing of damage.
ff part.grey.vob -f lavfi -i color=gray:s=640x360:r=25:d=4 -c:v mpeg2video -q:v 4 -g 12 -f vob
[ -e scrambled-grey.vob ] || "$here/encrypt" --marks part.grey.vob scrambled-grey.vob
[ -e licensed.wmv ] || "$here/encrypt" wmv2.wmv licensed.wmv
# What only its head tells to be encrypted: the samples decode to a picture of noise, or of damage.
ff part.mandelbrot.wmv -f lavfi -i "mandelbrot=s=640x360:r=25,noise=alls=10:allf=t" -t 3 -c:v wmv2 -q:v 4
while read -r input share; do
  kind=${input##*.}
  ff "part.noise.$kind" -i "$input" -c copy -bsf:v "noise=amount=$share"
  [ -e "locked.$kind" ] || "$here/lock" "part.noise.$kind" "locked.$kind"
done <<<"part.mandelbrot.wmv 1
h264.mp4 100
h264.ts 100
h264.flv 100
mpeg2.mxf 100"
[ -e vvc.mp4 ] || { sed 's/avc1/vvc1/g' h264.mp4 >part.vvc.mp4 && mv part.vvc.mp4 vvc.mp4; }
[ -e braw.mov ] || { sed 's/avc1/brhq/g' h264.mov >part.braw.mov && mv part.braw.mov braw.mov; }
printf '<html><body>no video</body></html>' >page.mp4
# What a program has written as text.
base64 h264.mp4 >base64.mp4
iconv -f latin1 -t utf-8 h264.mp4 >read-as-text.mp4
for file in good.mp4 h264.flv vp8.webm; do LC_ALL=C sed 's/$/\r/' "$file" >"line-ends-$file"; done
# HEVC as live services in China number it: 12 in place of H.264's 7, in the first byte of each picture.
number='import re, sys; sys.stdout.buffer.write(re.sub(rb"(?s)(\x09.{7}\0{3})([\x17\x27])", lambda m: m[1] + bytes([m[2][0] + 5]), sys.stdin.buffer.read()))'
[ -e hevc-by-number.flv ] || { python3 -c "$number" <h264.flv >part.flv && mv part.flv hevc-by-number.flv; }
# A camera that was off, and a recording that has no keyframe at all.
for name in mkv ts flv webm; do
  case $name in webm) input=vp8.webm sound=libopus ;; *) input=h264.mp4 sound=aac ;; esac
  ff "no-pictures.$name" -i $input -f lavfi -i sine=d=3 -map 0:v -map 1 -c:v copy -c:a $sound -bsf:v "noise=drop=1"
done
ff no-pictures.mp4 -i h264.mp4 -f lavfi -i sine=d=3 -map 0:v -map 1 -c:v copy -c:a aac -bsf:v "noise=drop=1" -movflags frag_keyframe+empty_moov
# Broken off in the sound before the first picture, which the index names, and in that picture.
ff part.cut-in-sound.mp4 -i no-pictures.mp4 -itsoffset 2 -i h264.mp4 -map 0:a -map 1:v -c copy -movflags faststart
ff part.cut-in-picture.mp4 -i h264.mp4 -c copy -movflags faststart
for name in cut-in-sound.mp4 cut-in-picture.mp4; do
  samples=$(grep -abo mdat "part.$name" | head -n 1)
  [ -e $name ] || head -c "$((${samples%:*} + 900))" "part.$name" >$name
done
ff part.cut-in-picture.webm -i vp8.webm -f lavfi -i sine=d=3 -map 0:v -map 1 -c:v copy -c:a libopus
at=$(LC_ALL=C grep -abom 1 -P '\x1f\x43\xb6\x75' part.cut-in-picture.webm | head -n 1)
head -c "$((${at%%:*} + 1500))" part.cut-in-picture.webm >cut-in-picture.webm
# Broken off in an index at the end: before anything is told of the track, and before its codec is.
for box in trak minf; do
  at=$(grep -abo $box h264.mp4 | head -n 1)
  head -c "${at%%:*}" h264.mp4 >cut-before-$box.mp4
done
# A form as a browser posts it, which a program stored as it came, and of which not all came.
{ printf -- '--b\r\nContent-Disposition: form-data; name="file"; filename="video.mp4"\r\nContent-Type: video/mp4\r\n\r\n' && head -c 4000 h264.mp4; } >cut-form.mp4
ff part.no-keyframe.mp4 -f lavfi -i mandelbrot=s=320x180:r=25 -t 4 -c:v libx264 -pix_fmt yuv420p -g 9999 -sc_threshold 0
ff no-keyframe.mkv -i part.no-keyframe.mp4 -c copy -copyinkf -bsf:v "noise=drop='lt(n,30)'"
# A codec that is read, and a head that is none: the tables behind the second name, with which HuffYUV is coded.
no_table='import re, sys; sys.stdout.buffer.write(re.sub(b"(HFYU.*?HFYU.{24}).{32}", lambda m: m[1] + bytes(32), sys.stdin.buffer.read(), count=1, flags=re.S))'
[ -e no-table.avi ] || { python3 -c "$no_table" <huffyuv.avi >part.avi && mv part.avi no-table.avi; }
: >empty.mp4
# A still picture that is opened as a video, and cannot be decoded.
if [ ! -e still.avif ]; then
  ffmpeg -v error -y -f lavfi -i testsrc2=s=64x64 -frames:v 1 -c:v libaom-av1 -cpu-used 8 part.still.avif </dev/null
  at=$(grep -abo mdat part.still.avif | head -n 1)
  { head -c "$((${at%%:*} + 4))" part.still.avif && head -c 4000 /dev/zero; } >still.avif
fi
# Which libavformat shows as a video of one picture.
q whole-still.avif yuv420p -frames:v 1 -c:v libaom-av1 -still-picture 1 -cpu-used 8
