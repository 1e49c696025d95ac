"""What one clip of the set is, and the workshop that makes clips from charts."""

import os
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from . import chart


@dataclass
class Clip:
    """`expects` is `picture`, `any` (a picture or a refusal), or the failure class of a refusal."""

    file: str
    expects: str
    check: str
    about: str
    make: Callable
    parameters: dict = field(default_factory=dict)

    def row(self):
        values = " ".join(f"{key}={value}" for key, value in self.parameters.items()) or "-"
        return "\t".join((self.file, self.expects, self.check, values, self.about))


class Workshop:
    """Makes files in a folder. Parts that several clips share are made once, under a lock of their own."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.parts = self.folder / ".parts"
        self.parts.mkdir(parents=True, exist_ok=True)
        self._locks = {}
        self._guard = threading.Lock()

    def part(self, name, make):
        """The path of a shared part; `make(path)` makes it if it is not there."""
        path = self.parts / name
        with self._guard:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            if not path.exists():
                self.complete(path, make)
        return path

    def complete(self, path, make):
        """Makes a file under another name first, so that a broken-off run leaves no half of a clip."""
        unfinished = path.with_name("unfinished-" + path.name)
        make(unfinished)
        os.replace(unfinished, path)

    def chart(self, width, height, hole=None):
        name = f"chart-{width}x{height}{hole or ''}.{'pam' if hole else 'ppm'}"
        return self.part(name, lambda path: path.write_bytes(chart.draw(width, height, hole)))

    def ffmpeg(self, *arguments):
        command = ["ffmpeg", "-hide_banner", "-v", "error", "-nostdin", "-y", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()[-400:]}")

    def encode(self, path, *codec, size=(640, 360), seconds=2, rate=10, filters="", moving=False, hole=None):
        """Encodes the chart. A moving one sways sideways, so that pictures that lack their reference look wrong."""
        width, height = size
        chain = ["setsar=1"]
        if moving:
            width, height = width + 32, height + 32
            chain.append(f"crop={size[0]}:{size[1]}:x='16+16*sin(t*6)':y=16")
        if filters:
            chain.append(filters)
        source = self.chart(width, height, hole)
        self.ffmpeg(
            "-loop", 1, "-framerate", rate, "-t", seconds, "-i", source, "-vf", ",".join(chain), "-threads", 1, *codec, path
        )


# Small and quick, with a keyframe every half second at the usual rate; no B-pyramid surprises unless a clip is about them.
X264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p", "-g", "5")
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-crf", "16", "-pix_fmt", "yuv420p", "-x265-params", "log-level=error:keyint=5:pools=1")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M", "-g", "5")


def clip(file, codec, about, check="chart", expects="picture", filters="", size=(640, 360), seconds=2, rate=10, moving=False,
         hole=None, thumbnail=None, **parameters):
    """A clip that is one encoding of the chart. Its thumbnail is as large as the clip where nothing else is said."""
    def make(shop, path):
        shop.encode(path, *codec, size=size, seconds=seconds, rate=rate, filters=filters, moving=moving, hole=hole)
    return Clip(file, expects, check, about, make, {"size": thumbnail or f"{size[0]}x{size[1]}", **parameters})
