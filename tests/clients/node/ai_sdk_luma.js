// Asks for pictures as Vercel's AI SDK does, and prints what came of it as JSON.

import { createLuma } from "@ai-sdk/luma";
import { generateImage } from "ai";

const luma = createLuma({ apiKey: process.env.RUSHES_KEY, baseURL: process.env.RUSHES_URL });
const url = process.argv[2];

async function drawn(options, model = "photon-flash-1") {
  const { image, warnings } = await generateImage({
    model: luma.image(model),
    prompt: "a dune at dusk",
    aspectRatio: "1:1",
    maxRetries: 0,
    ...options,
    providerOptions: { luma: { pollIntervalMillis: 100, ...options.providerOptions } },
  });
  return { type: image.mediaType, bytes: image.uint8Array.length, warnings: warnings.length };
}

async function refused(asking) {
  try {
    await asking;
  } catch (error) {
    return { message: error.message, status: error.statusCode };
  }
  return null;
}

const prompt = { text: "the same by night", images: [url] };
const references = {};
for (const referenceType of ["image", "style", "character", "modify_image"]) {
  references[referenceType] = await drawn({ prompt, providerOptions: { referenceType } });
}
console.log(JSON.stringify({
  plain: await drawn({}),
  references,
  wrong_ratio: await refused(drawn({ aspectRatio: "5:7" })),
  wrong_model: await refused(drawn({}, "ray-2")),
}));
