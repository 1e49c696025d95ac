# shellcheck shell=bash disable=SC2154,SC2034
# Of the made set: what is transparent, HDR, and known patches.
ff transparent.webm -f lavfi -i "color=red@0.5:s=640x360:d=2:r=10,format=yuva420p" -c:v libvpx-vp9 -pix_fmt yuva420p
ff transparent.mov -f lavfi -i "color=red@0.5:s=640x360:d=1:r=10,format=yuva444p10le" -c:v prores_ks -profile:v 4444
# Transparent all over, since the program that wrote it left the eight bits beside the colours at 0.
q no-opacity.avi bgra,lutrgb=a=0 -c:v rawvideo -t 0.2
q no-opacity.mov argb,lutrgb=a=0 -c:v qtrle -t 1
# This codec does not give zeroes back as zeroes.
q no-opacity-cfhd.mov rgba,lutrgb=a=0,format=gbrap12le -c:v cfhd -t 0.4
# A drawing to be laid over something else, which is not there yet at first: what is beneath its transparency is not to be seen.
overlay="mandelbrot=s=640x360:r=25,trim=duration=2.2,format=rgba,colorchannelmixer=aa=0[m];$quarters,trim=duration=0.8,format=rgba[l];[m][l]concat"
ff overlay.mov -filter_complex "$overlay" -c:v png -r 5
ff overlay.webm -filter_complex "$overlay,format=yuva420p" -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 200
for curve in smpte2084 arib-std-b67; do
  q "hdr-$curve.mp4" yuv420p10le -c:v libx265 -preset ultrafast \
    -x265-params "log-level=error:keyint=25:colorprim=bt2020:transfer=$curve:colormatrix=bt2020nc"
done
# AV1 in red, green and blue that does not say of which lamps.
ff gbr-untold.mkv -filter_complex "$quarters,format=gbrp" -c:v libaom-av1 -cpu-used 8 -usage realtime -t 1 \
  -bsf:v av1_metadata=color_primaries=2:transfer_characteristics=2:matrix_coefficients=0
# As dim as pictures for cinemas are, a tenth of what the curve can tell: flat to look at until it is mapped.
ff hdr-dim.mp4 -f lavfi -i mandelbrot=s=640x360:r=25 -t 4 -vf \
  "zscale=matrixin=709:transferin=709:primariesin=709:primaries=2020:transfer=linear:npl=100:matrix=gbr,format=gbrpf32le,\
zscale=transfer=smpte2084:matrix=2020_ncl:range=limited,format=yuv420p10le" -c:v libx265 -preset ultrafast \
  -x265-params "log-level=error:keyint=25:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
# The same in red, green and blue, as screens are recorded.
ff hdr-dim-rgb.mkv -f lavfi -i mandelbrot=s=640x360:r=25 -t 2 -vf \
  "zscale=matrixin=709:transferin=709:primariesin=709:primaries=2020:transfer=linear:npl=100:matrix=gbr,format=gbrpf32le,\
zscale=transfer=smpte2084:matrix=gbr:range=full,format=gbrp10le" -c:v libx265 -preset ultrafast \
  -x265-params "log-level=error:keyint=25:colorprim=bt2020:transfer=smpte2084:colormatrix=gbr:range=full"

"$here/colours.py" .
# As cinemas get it: JPEG 2000 in XYZ.
ff colour-cinema.mxf -i colour-709.mp4 -r 24 -vf format=gbrp12le,format=xyz12le -c:v libopenjpeg -profile:v cinema2k
# Drawings that are wholly black, nearly so and white, on nothing.
for level in 0 40 255; do
  ff "drawing-$level.mov" -f lavfi -i "color=black:s=320x180:r=5:d=1,format=rgba,geq=r=$level:g=$level:b=$level:\
a='if(between(Y,40,60)*between(X,60,260)+between(X,150,170)*between(Y,40,150),255,0)'" -c:v png
done
# Grey and white ones in GIF, made for a white page as most are.
for level in 100 255; do
  ff "drawing-$level.gif" -f lavfi -i "color=black:s=320x180:r=5:d=1,format=rgba,geq=r=$level:g=$level:b=$level:\
a='if(between(Y,40,60)*between(X,60,260)+between(X,150,170)*between(Y,40,150),255,0)'" -vf "split[a][b];[a]palettegen=reserve_transparent=1[p];[b][p]paletteuse"
done
