/** Pictures that somebody brings: read, shown, cropped to a shape, and made ready to be sent. */

const LONGEST_PX = 2048;
const QUALITY = 0.92;
const LARGEST_BYTES = 8_000_000;
const SENT_AS_THEY_ARE = new Set(["image/jpeg", "image/png", "image/webp"]);

/**
 * Return a picture: `{file, bitmap, zoom, x, y}`.
 *
 * `bitmap` is null where this browser cannot show such a file; the server may read it all the same.
 * `x` and `y` are where the middle of a crop lies, in shares of the picture.
 */
export async function read(file) {
  if (!file.type.startsWith("image/") && !/\.(heic|heif|avif)$/i.test(file.name ?? "")) {
    throw new Error(`${file.name || "This"} is not an image`);
  }
  const bitmap = await createImageBitmap(file).catch(() => null);
  return { file, bitmap, zoom: 1, x: 0.5, y: 0.5 };
}

export const hasPicture = (one) => Boolean(one?.file);

/** Return width to height of a ratio like `16:9`; null for none. */
export function shape(ratio) {
  if (!ratio) return null;
  const [across, down] = ratio.split(":").map(Number);
  return across / down;
}

/** Return the part of a picture that fills a shape, in its pixels; all of it where there is none. */
export function crop({ bitmap, zoom, x, y }, ratio) {
  const wanted = shape(ratio);
  if (!wanted) return { x: 0, y: 0, width: bitmap.width, height: bitmap.height };
  const width = Math.min(bitmap.width, bitmap.height * wanted) / zoom;
  const height = width / wanted;
  return {
    x: within(x * bitmap.width - width / 2, bitmap.width - width),
    y: within(y * bitmap.height - height / 2, bitmap.height - height),
    width,
    height,
  };
}

const within = (value, most) => Math.min(Math.max(value, 0), Math.max(most, 0));

/** Draw the part of a picture that will be sent, as large as the canvas's longer side allows. */
export function draw(canvas, picture, ratio, longestPx) {
  const part = crop(picture, ratio);
  const scale = Math.min(1, longestPx / Math.max(part.width, part.height));
  canvas.width = Math.max(1, Math.round(part.width * scale));
  canvas.height = Math.max(1, Math.round(part.height * scale));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture.bitmap, part.x, part.y, part.width, part.height, 0, 0, canvas.width, canvas.height);
}

/** Return the picture as it is sent: cropped where a shape is asked for, else as it came. */
export async function asBlob(picture, ratio) {
  const { file, bitmap } = picture;
  const isWhole = !ratio || !bitmap || isShaped(bitmap, ratio, picture.zoom);
  if (!bitmap || (isWhole && SENT_AS_THEY_ARE.has(file.type) && file.size <= LARGEST_BYTES)) return file;
  const canvas = document.createElement("canvas");
  draw(canvas, picture, ratio, LONGEST_PX);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

const isShaped = (bitmap, ratio, zoom) =>
  zoom === 1 && Math.abs(bitmap.width / bitmap.height / shape(ratio) - 1) < 0.01;

export async function asDataUri(picture, ratio) {
  const blob = await asBlob(picture, ratio);
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
