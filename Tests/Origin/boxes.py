"""Lays out an MP4 with its index at the end anew: boxes.py FILE OUTPUT FREE LAYOUT.

LAYOUT: letters for the boxes: f, FREE bytes of nothing; a and b, the samples in two halves; m, the index, which stays right.
"""

import sys

file = open(sys.argv[1], "rb").read()
free, layout = int(sys.argv[3]), sys.argv[4]


def box(kind, body):
    return (len(body) + 8).to_bytes(4, "big") + kind + body


boxes, offset = {}, 0
while offset < len(file):
    size = int.from_bytes(file[offset:offset + 4], "big")
    boxes[file[offset + 4:offset + 8]] = (offset + 8, file[offset + 8:offset + size])
    offset += size
start, samples = boxes[b"mdat"]
index = bytearray(boxes[b"moov"][1])
tables, at = [], 0
while (at := index.find(b"stco", at)) >= 0:
    count = int.from_bytes(index[at + 8:at + 12], "big")
    tables.append([at + 12 + 4 * number for number in range(count)])
    at += 4
chunks = sorted(int.from_bytes(index[entry:entry + 4], "big") for table in tables for entry in table)
# Between two chunks, for one lies in one box.
cut = chunks[len(chunks) // 2] - start
parts = {"f": box(b"free", bytes(free)), "a": box(b"mdat", samples[:cut]), "b": box(b"mdat", samples[cut:]), "m": box(b"moov", bytes(index))}
place, offset = {}, 8 + len(boxes[b"ftyp"][1])
for letter in layout:
    place[letter] = offset + 8
    offset += len(parts[letter])
for table in tables:
    for entry in table:
        chunk = int.from_bytes(index[entry:entry + 4], "big") - start
        moved = place["a"] + chunk if chunk < cut else place["b"] + chunk - cut
        index[entry:entry + 4] = moved.to_bytes(4, "big")
parts["m"] = box(b"moov", bytes(index))
with open(sys.argv[2], "wb") as output:
    output.write(box(b"ftyp", boxes[b"ftyp"][1]) + b"".join(parts[letter] for letter in layout))
