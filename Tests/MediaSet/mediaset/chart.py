"""The test chart: four coloured quadrants tell rotation and mirroring, a white disc tells the aspect ratio, checks tell blur."""

COLOURS = {
    "R": (200, 48, 40),
    "G": (40, 160, 64),
    "B": (48, 64, 190),
    "Y": (220, 190, 48),
    "K": (0, 0, 0),
}
DISC = (235, 235, 235)
DARK, GREY = (20, 20, 20), (110, 110, 110)

# Diameters as shares of the shorter side. The ring of checks sets the disc off from any quadrant.
DISC_SHARE, RING_SHARE = 0.4, 0.5


def draw(width, height, hole=None):
    """Returns a PPM, or with a transparent quadrant (its letter in `hole`) a PAM that keeps the hidden colour."""
    check = max(2, min(width, height) // 45)
    shorter = min(width, height)
    disc2, ring2 = (shorter * DISC_SHARE / 2) ** 2, (shorter * RING_SHARE / 2) ** 2
    reach = int(shorter * RING_SHARE / 2) + 1
    rows = []
    for y in range(height):
        top = y < height / 2
        left, right = ("R", "G") if top else ("B", "Y")
        row = bytearray(bytes(COLOURS[left]) * (width // 2) + bytes(COLOURS[right]) * (width - width // 2))
        if 0.38 <= y / height <= 0.62:
            _band(row, width, y // check % 2, check)
        dy2 = (y + 0.5 - height / 2) ** 2
        if dy2 < ring2:
            for x in range(max(0, width // 2 - reach), min(width, width // 2 + reach)):
                distance = (x + 0.5 - width / 2) ** 2 + dy2
                if distance < disc2:
                    row[3 * x : 3 * x + 3] = bytes(DISC)
                elif distance < ring2:
                    row[3 * x : 3 * x + 3] = bytes(DARK if (x // check + y // check) % 2 else GREY)
        rows.append(_with_alpha(row, width, hole, (left, right)) if hole else bytes(row))
    if hole:
        return b"P7\nWIDTH %d\nHEIGHT %d\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n" % (width, height) + b"".join(rows)
    return b"P6\n%d %d\n255\n" % (width, height) + b"".join(rows)


def _band(row, width, phase, check):
    for start, end in ((0.02, 0.22), (0.78, 0.98)):
        for x in range(int(start * width), int(end * width)):
            row[3 * x : 3 * x + 3] = bytes(DARK if (x // check + phase) % 2 else GREY)


def _with_alpha(row, width, hole, sides):
    result = bytearray(4 * width)
    for channel in range(3):
        result[channel::4] = row[channel::3]
    half = width // 2
    result[3::4] = bytes([0 if sides[0] == hole else 255]) * half + bytes([0 if sides[1] == hole else 255]) * (width - half)
    return bytes(result)
