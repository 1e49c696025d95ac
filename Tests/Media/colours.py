#!/usr/bin/env python3
"""A chart of 24 colours as video in every encoding of colour that is common, computed from the standards and not by a converter, and how
far a picture of it is from what it shows (CIEDE2000).

colours.py DIR makes the clips.
The colours are those of the well-known chart of natural and neutral colours, as sRGB. Diffuse white is 203 cd/m² in HDR (ITU-R BT.2408).
"""

import math
import os
import subprocess
import sys

COLOURS = ("735244 c29682 627a9d 576c43 8580b1 67bdaa d67e2c 505ba6 c15a63 5e3c6c 9dbc40 e0a32e "
           "383d96 469449 af363c e7c71f bb5695 0885a1 f3f3f2 c8c8c8 a0a0a0 7a7a79 555555 343434").split()
COLUMNS, ROWS, SIDE, FRAMES = 6, 4, 120, 5
# Weights of red and blue in luma.
LUMA = {"709": (0.2126, 0.0722), "601": (0.299, 0.114), "2020": (0.2627, 0.0593)}
# BT.2087: linear BT.709 to linear BT.2020. SMPTE RP 177: to the primaries of BT.601 for 525 lines.
TO_2020 = ((0.6274, 0.3293, 0.0433), (0.0691, 0.9195, 0.0114), (0.0164, 0.0880, 0.8956))
# Dolby Vision's profile 5: the responses of the cones to BT.2020, two hundredths of each in the others, and what is coded of them.
TO_CONES = ((0.4264, 0.5296, 0.0439), (0.1643, 0.7395, 0.0961), (0.0121, 0.0506, 0.9372))
TO_IPT = ((0.4, 0.4, 0.2), (4.455, -4.851, 0.396), (0.8056, 0.3572, -1.1628))
# SMPTE EG 432-1: to the primaries of computers' screens.
TO_P3 = ((0.8225, 0.1774, 0.0), (0.0332, 0.9669, 0.0), (0.0171, 0.0724, 0.9108))
TO_525 = ((1.06538, -0.05539, -0.00997), (-0.01964, 1.03635, -0.01672), (0.00163, 0.00441, 0.99396))
# name: matrix, transfer, primaries, full range, bits, ffmpeg's options
CLIPS = {
    "colour-709.mp4": ("709", "same", None, False, 8, ("bt709", "bt709", "bt709", "tv")),
    "colour-709-full.mp4": ("709", "same", None, True, 8, ("bt709", "bt709", "bt709", "pc")),
    "colour-601.mp4": ("601", "same", TO_525, False, 8, ("smpte170m", "smpte170m", "smpte170m", "tv")),
    "colour-untagged-hd.mp4": ("709", "same", None, False, 8, None),
    "colour-2020.mp4": ("2020", "bt2020", TO_2020, False, 10, ("bt2020nc", "bt2020", "bt2020-10", "tv")),
    "colour-pq.mp4": ("2020", "pq", TO_2020, False, 10, ("bt2020nc", "bt2020", "smpte2084", "tv")),
    "colour-hlg.mp4": ("2020", "hlg", TO_2020, False, 10, ("bt2020nc", "bt2020", "arib-std-b67", "tv")),
    "colour-2020-full.mp4": ("2020", "bt2020", TO_2020, True, 10, ("bt2020nc", "bt2020", "bt2020-10", "pc")),
    "colour-pq-full.mp4": ("2020", "pq", TO_2020, True, 10, ("bt2020nc", "bt2020", "smpte2084", "pc")),
    "colour-hlg-full.mp4": ("2020", "hlg", TO_2020, True, 10, ("bt2020nc", "bt2020", "arib-std-b67", "pc")),
    "colour-p3.mp4": ("709", "same", TO_P3, False, 8, ("bt709", "smpte432", "bt709", "tv")),
    "colour-ycgco.mp4": ("ycgco", "same", None, False, 8, ("ycgco", "bt709", "bt709", "tv")),
}
# The same with a fourth plane, as editors export it.
CLIPS |= {f"colour-{chart}-alpha.mov": CLIPS[f"colour-{chart}.mp4"] for chart in ("pq", "hlg", "2020")}
# The same charts where only the container tells: name, chart, codec.
TOLD = {f"colour-{chart}-told-{codec}.{container}": (chart, codec) for chart in ("pq", "hlg", "2020", "601", "709-full")
        for codec in ("hevc", "h264", "av1") for container in ("mp4", "mkv")
        # AV1 always tells its range itself; its coder is slow.
        if codec != "av1" or chart in ("pq", "2020")}
CODERS = {"hevc": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:qp=2"],
          "h264": ["-c:v", "libx264", "-qp", "1"], "av1": ["-c:v", "libaom-av1", "-cpu-used", "8", "-crf", "5", "-b:v", "0"]}
# Dolby Vision in colours of its own: its record; in Matroska; only the tag, where who copied the stream dropped the record; in AV1.
DOLBY = {"colour-dolby-vision-5.mp4": ("hevc", ["dolby-vision", "hev1", "5"]), "colour-dolby-vision-5-tagged.mp4": ("hevc", ["entry", "hev1", "dvh1"]), "colour-dolby-vision-5.mkv": ("hevc", ["dolby-vision", "hev1", "5"]),
         "colour-dolby-vision-10.mp4": ("av1", ["dolby-vision", "av01", "10"]), "colour-dolby-vision-10-tagged.mp4": ("av1", ["entry", "av01", "dav1"])}
# Without a duration samples are looked at first, and decoders forget what they were told.
TOLD["colour-pq-told-hevc-live.mkv"] = ("pq", "hevc")


def rgb(colour):
    return [int(colour[i:i + 2], 16) / 255 for i in (0, 2, 4)]


def linear(value):
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def companded(value):
    value = min(max(value, 0), 1)
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def pq(nits):
    """SMPTE ST 2084."""
    y = (max(nits, 0) / 10000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y)) ** 78.84375


def hlg(nits):
    """BT.2100 on a display of 1,000 cd/m²: the inverse of its OOTF, then the OETF; three channels at once."""
    shown = [max(n, 0) / 1000 for n in nits]
    luminance = max(0.2627 * shown[0] + 0.6780 * shown[1] + 0.0593 * shown[2], 1e-9)
    scene = [s * luminance ** ((1 - 1.2) / 1.2) for s in shown]
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return [math.sqrt(3 * e) if e <= 1 / 12 else a * math.log(12 * e - b) + c for e in scene]


def signal(colour, transfer, primaries):
    """Red, green and blue as the video has them, 0 to 1."""
    values = rgb(colour)
    if primaries is None:
        # BT.709 and sRGB are shown alike, whatever their camera's curves say.
        return values
    light = [linear(v) for v in values]
    light = [sum(weight * l for weight, l in zip(row, light)) for row in primaries]
    if transfer == "pq":
        return [pq(203 * l) for l in light]
    if transfer == "ipt":
        coded = [pq(203 * sum(weight * l for weight, l in zip(row, light))) for row in TO_CONES]
        return [sum(weight * c for weight, c in zip(row, coded)) for row in TO_IPT]
    if transfer == "hlg":
        return hlg([203 * l for l in light])
    return [companded(l) for l in light]


def codes(values, matrix, full, bits):
    if matrix == "ipt":
        return [round((219 * values[0] + 16) * 4), round((224 * values[1] + 128) * 4), round((224 * values[2] + 128) * 4)]
    step, top = 1 << (bits - 8), (1 << bits) - 1
    if matrix == "ycgco":
        y, cg, co = (values[0] + 2 * values[1] + values[2]) / 4, (2 * values[1] - values[0] - values[2]) / 4, (values[0] - values[2]) / 2
        return [round((219 * y + 16) * step), round((224 * cg + 128) * step), round((224 * co + 128) * step)]
    red, blue = LUMA[matrix]
    y = red * values[0] + (1 - red - blue) * values[1] + blue * values[2]
    cb, cr = (values[2] - y) / (2 * (1 - blue)), (values[0] - y) / (2 * (1 - red))
    if full:
        return [round(y * top), round(cb * top + 128 * step), round(cr * top + 128 * step)]
    return [round((219 * y + 16) * step), round((224 * cb + 128) * step), round((224 * cr + 128) * step)]


def frame(matrix, transfer, primaries, full, bits):
    """One planar 4:2:0 frame."""
    patches = [codes(signal(c, transfer, primaries), matrix, full, bits) for c in COLOURS]
    planes = []
    for plane in range(3):
        side = SIDE if plane == 0 else SIDE // 2
        for row in range(ROWS):
            line = b"".join(patches[row * COLUMNS + column][plane].to_bytes(bits // 8 + bool(bits % 8), "little") * side for column in range(COLUMNS))
            planes.append(line * side)
    return b"".join(planes)


def make(folder):
    """The clips that are not there yet."""
    for name, (matrix, transfer, primaries, full, bits, tags) in CLIPS.items():
        path = os.path.join(folder, name)
        if os.path.exists(path):
            continue
        size = f"{COLUMNS * SIDE}x{ROWS * SIDE}"
        command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p10le" if bits == 10 else "yuv420p", "-s", size, "-r", "5"]
        marks = ["-colorspace", tags[0], "-color_primaries", tags[1], "-color_trc", tags[2], "-color_range", tags[3]] if tags else []
        # Without tags the size is what tells: more than 576 lines are BT.709.
        scale = ["-vf", "scale=1440:960:flags=neighbor"] if tags is None else []
        codec = ["-c:v", "libx264", "-qp", "1"]
        if bits == 10:
            codec = ["-c:v", "libx265", "-preset", "ultrafast",
                     "-x265-params", f"log-level=error:qp=2:colorprim={tags[1]}:transfer={tags[2]}:colormatrix={tags[0]}"]
        if name.endswith("-alpha.mov"):
            scale, codec = ["-vf", "format=yuva444p10le"], ["-c:v", "prores_ks", "-profile:v", "4444"]
        part = os.path.join(folder, f"part.{name}")
        # Marked on both sides: a difference is converted from FFmpeg 7 on.
        subprocess.run([*command, *marks, "-i", "-", *scale, *codec, *marks, part], input=frame(matrix, transfer, primaries, full, bits) * FRAMES, check=True)
        os.replace(part, path)
    for name, (chart, codec) in TOLD.items():
        path = os.path.join(folder, name)
        if os.path.exists(path):
            continue
        matrix, transfer, primaries, full, bits, tags = CLIPS[f"colour-{chart}.mp4"]
        pixels = "yuv420p10le" if bits == 10 else "yuv420p"
        silent, part = (os.path.join(folder, f"part.{kind}.{name}") for kind in ("silent", "told"))
        # The filter keeps the numbers as they are and says nothing of what they mean.
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", pixels, "-s", f"{COLUMNS * SIDE}x{ROWS * SIDE}", "-r", "5",
                        "-i", "-", *CODERS[codec], silent], input=frame(matrix, transfer, primaries, full, bits) * FRAMES, check=True)
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", silent, "-c", "copy", "-colorspace", tags[0], "-color_primaries", tags[1],
                        "-color_trc", tags[2], "-color_range", tags[3], *(["-live", "1"] if "-live" in name else []), part], check=True)
        os.remove(silent)
        os.replace(part, path)
    for name, (codec, patch) in DOLBY.items():
        path = os.path.join(folder, name)
        if os.path.exists(path):
            continue
        plain, patched, part = (os.path.join(folder, f"part.{kind}") for kind in ("plain.mp4", "patched.mp4", name))
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p10le", "-s", f"{COLUMNS * SIDE}x{ROWS * SIDE}", "-r", "5",
                        "-i", "-", *CODERS[codec], plain], input=frame("ipt", "ipt", TO_2020, False, 10) * FRAMES, check=True)
        subprocess.run([os.path.join(os.path.dirname(os.path.abspath(__file__)), "patch-mp4"), plain, patched, *patch], check=True)
        if patch[0] == "entry":
            # A copy would get the usual name back.
            os.replace(patched, part)
        else:
            # What MP4 is copied to here keeps its record, and Matroska gets one.
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", patched, "-c", "copy", "-strict", "unofficial", part], check=True)
            os.remove(patched)
        os.remove(plain)
        os.replace(part, path)


def lab(values):
    """CIE L*a*b* under D65 of an sRGB colour, 0 to 1."""
    r, g, b = (linear(v) for v in values)
    xyz = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047, 0.2126729 * r + 0.7151522 * g + 0.0721750 * b, \
        (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883
    f = [t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in xyz]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def difference(one, other):
    """CIEDE2000 (Sharma, Wu and Dalal, 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 if a or b else 0 for a, b in ((a1, b1), (a2, b2)))
    turn = 0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dl, dc, dh = l2 - l1, c2 - c1, 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    l, c = (l1 + l2) / 2, (c1 + c2) / 2
    h = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    t = 1 - 0.17 * math.cos(math.radians(h - 30)) + 0.24 * math.cos(math.radians(2 * h)) + 0.32 * math.cos(math.radians(3 * h + 6)) \
        - 0.20 * math.cos(math.radians(4 * h - 63))
    sl, sc, sh = 1 + 0.015 * (l - 50) ** 2 / math.sqrt(20 + (l - 50) ** 2), 1 + 0.045 * c, 1 + 0.015 * c * t
    rotation = -math.sin(math.radians(60 * math.exp(-((h - 275) / 25) ** 2))) * 2 * math.sqrt(c ** 7 / (c ** 7 + 25 ** 7))
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rotation * dc / sc * dh / sh)


def differences(picture):
    """Of each patch in an image file, whose chart fills it."""
    # The middle of each patch: at its edges the chroma is shared.
    width, height = COLUMNS * 20, ROWS * 20
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", picture, "-vf", f"scale={width}:{height}:flags=area", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"],
                         capture_output=True, check=True).stdout
    found = []
    for number, colour in enumerate(COLOURS):
        at = ((number // COLUMNS * 20 + 10) * width + number % COLUMNS * 20 + 10) * 3
        found.append(difference(lab([v / 255 for v in raw[at:at + 3]]), lab(rgb(colour))))
    return found


if __name__ == "__main__":
    make(sys.argv[1])
