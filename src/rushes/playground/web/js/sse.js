/** Reads an event stream as the HTML standard has it; EventSource itself cannot send a key. */

/** Yield the messages of a body, each with `data`, `event` and `id`; comments are left out. */
export async function* messages(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).replace(/\r\n?/g, "\n").split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const message = read(block);
        if (message.data !== null) yield message;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function read(block) {
  const message = { data: null, event: "message", id: null };
  for (const line of block.split("\n")) {
    const [, name, value] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (name === "data") message.data = message.data === null ? value : `${message.data}\n${value}`;
    else if (name === "event" || name === "id") message[name] = value;
  }
  return message;
}
