// Every method of OpenAI's npm package for videos, once; what came of it is printed as JSON.
import OpenAI, { toFile } from 'openai';

const baseURL = `${process.env.RUSHES_URL}/v1`;
const client = new OpenAI({ baseURL, apiKey: process.env.RUSHES_KEY, maxRetries: 0 });
const size = '128x128';
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAS0lEQVR42u3PQQkAAAgAsetfWiP4FgYr' +
    'sKZeS0BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEDgsqnc8OJg6Ln3' +
    'AAAAAElFTkSuQmCC',
  'base64',
);

async function done(video) {
  let seen = video;
  while (seen.status === 'queued' || seen.status === 'in_progress') {
    await new Promise((resolve) => setTimeout(resolve, 50));
    seen = await client.videos.retrieve(video.id);
  }
  return seen;
}

async function refused(ask) {
  try {
    await ask();
  } catch (error) {
    const { status, code, param, type } = error;
    return { name: error.constructor.name, status, code, param, type, message: error.message };
  }
  return null;
}

const made = await client.videos.create({ prompt: 'a dune', model: 'sora-2', seconds: '4', size });
const film = await done(made);
const content = await client.videos.downloadContent(film.id);
const sheet = await client.videos.downloadContent(film.id, { variant: 'spritesheet' });
const polled = await client.videos.retrieve(film.id).withResponse();

const dataUrl = `data:image/png;base64,${png.toString('base64')}`;
const references = [
  await toFile(png, 'a.png', { type: 'image/png' }),
  { image_url: dataUrl },
];
const guided = [];
for (const input_reference of references) {
  guided.push(await client.videos.create({ prompt: 'a dune', size, input_reference }));
}

const remix = await client.videos.remix(film.id, { prompt: 'other words' });
const more = await done(
  await client.videos.extend({ prompt: 'on', seconds: '4', video: { id: film.id } }),
);
const first = await client.videos.list({ limit: 2 });
const every = [];
for await (const one of client.videos.list({ limit: 2, order: 'asc' })) every.push(one.id);
const gone = await client.videos.delete((await done(guided[0])).id);

const stranger = new OpenAI({ baseURL, apiKey: 'sk-wrong', maxRetries: 0 });
const errors = {
  edit: await refused(() => client.videos.edit({ prompt: 'night', video: { id: film.id } })),
  character: await refused(() =>
    client.videos.createCharacter({ name: 'Ada', video: references[0] }),
  ),
  no_character: await refused(() => client.videos.getCharacter('char_1')),
  gone: await refused(() => client.videos.retrieve(gone.id)),
  seconds: await refused(() => client.videos.create({ prompt: 'a dune', seconds: '7' })),
  stranger: await refused(() => stranger.videos.list()),
};

console.log(
  JSON.stringify({
    made,
    film,
    bytes: (await content.arrayBuffer()).byteLength,
    content_type: content.headers.get('content-type'),
    sheet_type: sheet.headers.get('content-type'),
    poll_hint: polled.response.headers.get('openai-poll-after-ms'),
    guided,
    remix,
    more,
    first: { ids: first.data.map((one) => one.id), has_more: first.has_more },
    every,
    gone,
    errors,
  }),
);
