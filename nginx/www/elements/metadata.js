const formats = ['avif', 'webp', 'jpeg'];
const used = ['width', 'height', 'format', 'aspectRatio', 'sizes', 'thumbHash', 'dominantColor', 'storyboard', 'url'];

/** A URL that can only be a picture, or lie beside one: script and file URLs from a database are not followed. Null for anything else. */
export function safeURL(text, base = document.baseURI) {
  try {
    const url = new URL(text, base).href;
    return /^(https?:|data:image\/)/i.test(url) ? url : null;
  } catch {
    return null;
  }
}

/** What the element uses of `thumbnail_metadata`, as JSON. */
export function packed(metadata) {
  return typeof metadata === 'string' ? metadata : JSON.stringify(metadata ?? {}, used).replace(/^{}$/, '');
}

/** A row of `videos` as the element's attributes: undefined where the row does not name it, '' or null where there is to be none. */
export function attributesOf(row) {
  const metadata = row?.thumbnail_metadata;
  return {
    'video-id': row?.id, error: row?.thumbnail_generation_error, metadata: metadata && packed(metadata), src: row?.thumbnail_url,
    status: row?.thumbnail_generation_status,
  };
}

/** The pictures there are, by format, best first: `[['image/avif', 'small.avif 480w, …'], …]`. */
export function sources({ width, format, sizes }, src) {
  const images = Array.isArray(sizes) ? [...sizes] : [];
  if (images.length && !images.some((image) => image?.url === src)) images.push({ url: src, width, format: format ?? 'jpeg' });
  return formats.map((name) => [`image/${name}`, images
    .filter((image) => image?.format === name && image.width > 0 && safeURL(image.url))
    .map(({ url, width }) => `${safeURL(url).replace(/,$/, '%2C')} ${Math.round(width)}w`).join()]).filter(([, set]) => set);
}

/** Width to height, as CSS says it; undefined where it is not known. */
export function shape({ width, height, aspectRatio }) {
  return width > 0 && height > 0 ? `${+width}/${+height}` : /^\d+:\d+$/.test(aspectRatio) ? aspectRatio.replace(':', '/') : undefined;
}
