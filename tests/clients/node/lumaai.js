// Drives every method of the npm package lumaai, and prints what came of it as JSON.

import LumaAI from "lumaai";

const client = new LumaAI({
  authToken: process.env.RUSHES_KEY,
  baseURL: `${process.env.RUSHES_URL}/dream-machine/v1`,
});
const small = { model: "ray-2", resolution: "540p", aspect_ratio: "1:1", duration: "5s" };

async function done(id) {
  for (;;) {
    const told = await client.generations.get(id);
    if (told.state === "completed" || told.state === "failed") return told;
    if (told.assets !== null) throw new Error("assets before it is completed");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function refused(asking) {
  try {
    await asking;
  } catch (error) {
    return { kind: error.constructor.name, status: error.status, detail: error.error.detail };
  }
  return null;
}

const made = await client.generations.create({ prompt: "a lighthouse at dusk", ...small });
const film = await done(made.id);
const media = { url: film.assets.video };
const picture = await client.generations.image.create({
  prompt: "a dune", model: "photon-1", aspect_ratio: "1:1", sync: true,
});
const made_too = [
  await client.generations.video.create({
    prompt: "it goes on", model: "ray-2", keyframes: { frame0: { type: "generation", id: film.id } },
  }),
  await client.generations.upscale(film.id, { resolution: "1080p" }),
  await client.generations.audio(film.id, { prompt: "surf" }),
  await client.generations.video.reframe({
    generation_type: "reframe_video", media, model: "ray-2", aspect_ratio: "9:16",
  }),
  await client.generations.image.reframe({
    generation_type: "reframe_image", media: { url: film.assets.image }, model: "photon-1",
    aspect_ratio: "16:9",
  }),
];
const list = await client.generations.list({ limit: 2 });
for (const one of made_too) await client.generations.delete(one.id);

console.log(JSON.stringify({
  made, film, picture, list,
  made_too: made_too.map((one) => one.request),
  gone: await refused(client.generations.get(made_too[0].id)),
  short: await refused(client.generations.create({ prompt: "ab", model: "ray-2" })),
  field: await refused(client.generations.create({ prompt: "a dune", model: "sora" })),
  modify: await refused(client.generations.video.modify({
    generation_type: "modify_video", media, model: "ray-2", mode: "flex_1", prompt: "by night",
  })),
  stranger: await refused(
    new LumaAI({ authToken: "wrong", baseURL: client.baseURL }).generations.list(),
  ),
  concepts: await client.generations.concepts.list(),
  ping: await client.ping.check(),
  credits: await client.credits.get(),
}));
