/**
 * The blurred picture in a ThumbHash (Evan Wallace, 2023): brightness, two opponent colours and transparency, each as the lowest terms of a cosine transform.
 *
 * @param {string} base64
 * @returns {ImageData} of at most 32 pixels a side
 * @throws where it is not base64
 */
export function thumbHash(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const head = bytes[0] | bytes[1] << 8 | bytes[2] << 16;
  const more = bytes[3] | bytes[4] << 8;
  const isOpaque = !(head >> 23);
  const isWide = more >> 15;
  const long = isOpaque ? 7 : 5;
  const [across, down] = isWide ? [long, more & 7] : [more & 7, long];
  let nibble = isOpaque ? 10 : 12;
  /** The mean, and how much of each wave there is: [x, y, amount]. */
  const channel = (mean, scale, nx, ny) => {
    const waves = [];
    for (let y = 0; y < ny; y++) {
      for (let x = y ? 0 : 1; x * ny < nx * (ny - y); x++) {
        waves.push([x, y, ((bytes[nibble >> 1] >> (nibble++ % 2 * 4) & 15) / 7.5 - 1) * scale * 2]);
      }
    }
    return (u, v) => waves.reduce((sum, [x, y, amount]) => sum + amount * Math.cos(Math.PI * u * x) * Math.cos(Math.PI * v * y), mean);
  };
  const light = channel((head & 63) / 63, (head >> 18 & 31) / 31, Math.max(3, across), Math.max(3, down));
  const yellow = channel((head >> 6 & 63) / 31.5 - 1, (more >> 3 & 63) / 63 * 1.25, 3, 3);
  const red = channel((head >> 12 & 63) / 31.5 - 1, (more >> 9 & 63) / 63 * 1.25, 3, 3);
  const alpha = isOpaque ? () => 1 : channel((bytes[5] & 15) / 15, (bytes[5] >> 4) / 15, 5, 5);
  const ratio = across / down || 1;
  const image = new ImageData(Math.round(32 * Math.min(1, ratio)) || 1, Math.round(32 / Math.max(1, ratio)) || 1);
  for (let i = 0; i < image.data.length; i += 4) {
    const u = (i / 4 % image.width + 0.5) / image.width;
    const v = (Math.floor(i / 4 / image.width) + 0.5) / image.height;
    const [l, q] = [light(u, v), red(u, v)];
    const b = l - yellow(u, v) * 2 / 3;
    const r = (3 * l - b + q) / 2;
    image.data.set([r, r - q, b, alpha(u, v)].map((value) => value * 255), i);
  }
  return image;
}
