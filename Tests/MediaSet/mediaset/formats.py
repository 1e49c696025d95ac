"""Every container with the codecs it is met with."""

from .clip import VP9, X264, X265, clip

CODECS = {
    "h264": X264,
    "hevc": X265,
    "hevc10": (*X265[:6], "-pix_fmt", "yuv420p10le", *X265[8:]),
    "vp8": ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M", "-g", "5"),
    "vp9": (*VP9, "-pix_fmt", "yuv420p"),
    "vp9-10": (*VP9, "-pix_fmt", "yuv420p10le", "-profile:v", "2"),
    "av1": ("-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "10", "-crf", "25", "-b:v", "0", "-g", "5", "-pix_fmt", "yuv420p"),
    "av1-10": ("-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "10", "-crf", "25", "-b:v", "0", "-g", "5", "-pix_fmt", "yuv420p10le"),
    "mpeg1": ("-c:v", "mpeg1video", "-q:v", "3", "-g", "5", "-r", "25"),
    "mpeg2": ("-c:v", "mpeg2video", "-q:v", "3", "-g", "5", "-r", "25"),
    "mpeg4": ("-c:v", "mpeg4", "-q:v", "3", "-g", "5"),
    "xvid": ("-c:v", "mpeg4", "-q:v", "3", "-g", "5", "-bf", "1", "-tag:v", "XVID"),
    "theora": ("-c:v", "libtheora", "-q:v", "8", "-g", "5"),
    "mjpeg": ("-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p"),
    "prores": ("-c:v", "prores_ks", "-profile:v", "1", "-pix_fmt", "yuv422p10le"),
    "prores4444": ("-c:v", "prores_ks", "-profile:v", "4", "-pix_fmt", "yuv444p10le"),
    "dnxhr": ("-c:v", "dnxhd", "-profile:v", "dnxhr_sq", "-pix_fmt", "yuv422p"),
    "dnxhr10": ("-c:v", "dnxhd", "-profile:v", "dnxhr_hqx", "-pix_fmt", "yuv422p10le"),
    "png": ("-c:v", "png", "-pix_fmt", "rgb24"),
    "wmv1": ("-c:v", "wmv1", "-q:v", "3", "-g", "5"),
    "wmv2": ("-c:v", "wmv2", "-q:v", "3", "-g", "5"),
    "msmpeg4v2": ("-c:v", "msmpeg4v2", "-q:v", "3", "-g", "5"),
    "msmpeg4v3": ("-c:v", "msmpeg4", "-q:v", "3", "-g", "5"),
    "flv1": ("-c:v", "flv", "-q:v", "3", "-g", "5"),
    "raw": ("-c:v", "rawvideo", "-pix_fmt", "yuv420p"),
}

COMBINATIONS = {
    "mp4": "h264 hevc hevc10 vp9 av1 av1-10 mpeg4 mpeg2",
    "mov": "h264 hevc mpeg4 mjpeg prores prores4444 dnxhr dnxhr10 png",
    "mkv": "h264 hevc hevc10 vp8 vp9 av1 mpeg2 mpeg4 theora mjpeg prores",
    "webm": "vp8 vp9 vp9-10 av1",
    "ts": "h264 hevc mpeg2 mpeg1 mpeg4",
    "mpg": "mpeg1 mpeg2",
    "flv": "flv1 h264",
    "avi": "mpeg4 xvid mjpeg h264 msmpeg4v2 msmpeg4v3 raw",
    "ogv": "theora",
    "wmv": "wmv1 wmv2 msmpeg4v3",
    "3gp": "h264 mpeg4",
    "ivf": "vp8 vp9 av1",
}

SOUND = ("-f", "lavfi", "-i", "sine=duration=2", "-map", "0:v", "-map", "1:a", "-shortest")


def clips():
    for container, codecs in COMBINATIONS.items():
        for codec in codecs.split():
            short = {"seconds": 1} if codec in ("raw", "png", "prores4444") else {}
            yield clip(f"format-{codec}.{container}", CODECS[codec], f"{codec} in {container}", **short)
    yield _h263()
    yield clip("format-h264.m2ts", (*X264, "-mpegts_m2ts_mode", "1", "-f", "mpegts"), "MPEG-TS with 192-byte packets")
    yield clip("format-mpeg2.vob", (*CODECS["mpeg2"], "-f", "vob"), "MPEG-PS as on a DVD")
    yield clip("format-raw.h264", X264, "H.264 without a container")
    yield clip("format-raw.hevc", (*X265, "-f", "hevc"), "HEVC without a container")
    yield clip("format-raw.m2v", (*CODECS["mpeg2"], "-f", "mpeg2video"), "MPEG-2 without a container")
    yield clip("format-raw.mjpeg", CODECS["mjpeg"], "JPEG pictures one after the other")
    yield clip("format-animation.gif", (), "animated GIF", filters="split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none", bound=9)
    yield clip("format-animation.apng", ("-plays", "0"), "animated PNG", seconds=1)
    yield clip("format-fragmented.mp4", (*X264, "-movflags", "frag_keyframe+empty_moov+default_base_moof"), "fragmented MP4")
    yield clip("format-sidx.mp4", (*X264, "-movflags", "dash+global_sidx", "-frag_duration", "500000"), "fragmented MP4 with sidx")
    yield clip("format-faststart.mp4", (*X264, "-movflags", "+faststart"), "moov at the beginning")
    yield clip("format-hev1.mp4", (*X265, "-tag:v", "hev1"), "HEVC with parameter sets in the stream")
    yield clip("format-hvc1.mp4", (*X265, "-tag:v", "hvc1"), "HEVC with parameter sets in the header")
    yield clip("format-uppercase.MP4", (*X264, "-f", "mp4"), "name in capitals")
    yield clip("format-misnamed.avi", (*X264, "-f", "matroska"), "Matroska named .avi")


def _h263():
    # CIF is one of the five sizes H.263 knows; 12:11 pixels make it 4:3.
    return clip("format-h263.3gp", ("-c:v", "h263", "-q:v", "3", "-g", "5", "-r", "25"), "H.263 in 3GP, CIF with 12:11 pixels",
                size=(384, 288), filters="scale=352:288,setsar=12/11", thumbnail="384x216")
