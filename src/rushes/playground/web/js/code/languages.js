/** Requests written as programs that run as they stand. */

import { FilePicture } from "./dialects.js";

/** Return every file that a request refers to. */
export function filesOf(value) {
  if (value instanceof FilePicture) return [value];
  return value && typeof value === "object" ? Object.values(value).flatMap(filesOf) : [];
}

/** Each language: `only` is the API that it is for, and `write(job)` its program. */
export const LANGUAGES = [
  { name: "curl", label: "curl", write: curl },
  { name: "requests", label: "Python", write: requests },
  { name: "javascript", label: "JavaScript", write: javascript },
  { name: "lumaai", label: "Python: lumaai", only: "luma", write: lumaai },
  { name: "luma_agents", label: "Python: luma-agents", only: "luma_agents", write: lumaAgents },
  { name: "openai", label: "Python: openai", only: "openai_videos", write: openai },
];

const at = (path, quote = '"') => path.map((key) => (Number.isInteger(key) ? `[${key}]` : `[${quote}${key}${quote}]`)).join("");
const result = (job) => (job.asked.kind === "image" ? "still.jpg" : "video.mp4");

/** A program's lines: those that are false are left out. */
const lines = (...all) => `${all.flat().filter((line) => line !== false && line != null).join("\n")}\n`;

// curl ------------------------------------------------------------------------------------------------

function curl(job) {
  const { dialect, told, origin, hasKey } = job;
  const files = filesOf(told.body);
  const key = hasKey ? ' -H "Authorization: Bearer $RUSHES_KEY"' : "";
  const [mark, body] = files.length ? ["JSON", heredoc(told.body)] : ["'JSON'", JSON.stringify(told.body, null, 2)];
  const finals = ["completed", "failed", "cancelled", "expired"].join("\\|");
  const path = dialect.video(job.asked);
  return lines(
    hasKey && "# export RUSHES_KEY='your key'",
    files.some(({ form }) => form === "uri") && 'data_uri() { echo "data:image/jpeg;base64,$(base64 < "$1" | tr -d \'\\n\')"; }',
    files.some(({ form }) => form === "base64") && "bare_base64() { base64 < \"$1\" | tr -d '\\n'; }",
    'told() { python3 -c "import json, sys; print(json.load(sys.stdin)$1)"; }',
    `at='${origin}${dialect.at}'`,
    "",
    `id=$(curl -fsS "$at${told.path}"${key} \\`,
    `  -H 'Content-Type: application/json' -d @- <<${mark} | told '["id"]'`,
    body,
    "JSON",
    ")",
    `until curl -fsS "$at/$id"${key} | tee reply.json |`,
    `  grep -q '"${dialect.state.at(-1)}": *"\\(${finals}\\)"'; do sleep 1; done`,
    path
      ? `curl -fsS -o ${result(job)} "$(told '${at(path)}' < reply.json)"`
      : `curl -fsS -o ${result(job)} "$at/$id${dialect.content}"${key}`,
  );
}

/** Return JSON for a here-document in which the shell fills in the pictures. */
function heredoc(body) {
  const files = [];
  const marked = JSON.stringify(
    body,
    (_, value) => (value instanceof FilePicture ? `@picture-${files.push(value) - 1}@` : value),
    2,
  );
  const escaped = marked.replace(/[\\$`]/g, "\\$&");
  return escaped.replace(/@picture-(\d+)@/g, (_, order) => {
    const { form, file } = files[order];
    return `$(${form === "uri" ? "data_uri" : "bare_base64"} ${file})`;
  });
}

// Python ----------------------------------------------------------------------------------------------

const INDENT = "    ";

/** Return a value as Python writes it. */
function python(value, depth = 0) {
  const inner = INDENT.repeat(depth + 1);
  if (value instanceof FilePicture) return `${value.form === "uri" ? "data_uri" : "bare_base64"}("${value.file}")`;
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null) return "None";
  if (Array.isArray(value)) return `[${value.map((one) => python(one, depth)).join(", ")}]`;
  if (typeof value === "object") {
    const fields = Object.entries(value).map(([name, one]) => `${inner}${JSON.stringify(name)}: ${python(one, depth + 1)},`);
    return `{\n${fields.join("\n")}\n${INDENT.repeat(depth)}}`;
  }
  return JSON.stringify(value); // text and numbers are written alike
}

/** Return keyword arguments, each on its line. */
const keywords = (body, depth = 1) =>
  Object.entries(body).map(([name, value]) => `${INDENT.repeat(depth)}${name}=${python(value, depth)},`);

function pictureFunctions(body) {
  const forms = new Set(filesOf(body).map(({ form }) => form));
  return [
    forms.size > 0 && ["", "", "def bare_base64(path):", `${INDENT}return base64.b64encode(Path(path).read_bytes()).decode()`],
    forms.has("uri") && ["", "", "def data_uri(path):", `${INDENT}return "data:image/jpeg;base64," + bare_base64(path)`],
    forms.size > 0 && [""],
  ].flat();
}

const keyComment = (job) => job.hasKey && "# RUSHES_KEY holds the key";
const keyValue = (job) => (job.hasKey ? 'os.environ["RUSHES_KEY"]' : '"no key is needed"');

function imports(job, { time = true, more = [] } = {}) {
  return [
    filesOf(job.told.body).length > 0 && "import base64",
    job.hasKey && "import os",
    time && "import time",
    "from pathlib import Path",
    "",
    ...more,
  ];
}

function requests(job) {
  const { dialect, told, origin, hasKey } = job;
  const path = dialect.video(job.asked);
  const state = at(dialect.state);
  const headers = hasKey ? ", headers=headers" : "";
  return lines(
    keyComment(job),
    imports(job, { more: ["import requests"] }),
    pictureFunctions(told.body),
    "",
    `at = "${origin}${dialect.at}"`,
    hasKey && 'headers = {"Authorization": "Bearer " + os.environ["RUSHES_KEY"]}',
    `body = ${python(told.body)}`,
    `reply = requests.post(at${told.path && ` + "${told.path}"`}, json=body${headers}, timeout=60)`,
    "reply.raise_for_status()",
    "made = reply.json()",
    `while made${state} in ${JSON.stringify(dialect.pending)}:`,
    `${INDENT}time.sleep(1)`,
    `${INDENT}made = requests.get(f"{at}/{made['id']}"${headers}, timeout=60).json()`,
    `if made${state} != "completed":`,
    `${INDENT}raise SystemExit(made${at(dialect.failure)})`,
    path
      ? `file = requests.get(made${at(path)}, timeout=600)`
      : `file = requests.get(f"{at}/{made['id']}${dialect.content}"${headers}, timeout=600)`,
    "file.raise_for_status()",
    `Path("${result(job)}").write_bytes(file.content)`,
  );
}

function lumaai(job) {
  const kind = job.asked.kind === "image" ? "image" : "video";
  return lines(
    keyComment(job),
    imports(job, { more: ["import httpx", "from lumaai import LumaAI"] }),
    pictureFunctions(job.told.body),
    "",
    `client = LumaAI(base_url="${job.origin}/dream-machine/v1", auth_token=${keyValue(job)})`,
    `made = client.generations.${kind}.create(`,
    keywords(job.told.body),
    ")",
    'while made.state not in ["completed", "failed"]:',
    `${INDENT}time.sleep(1)`,
    `${INDENT}made = client.generations.get(made.id)`,
    'if made.state == "failed":',
    `${INDENT}raise SystemExit(made.failure_reason)`,
    `Path("${result(job)}").write_bytes(httpx.get(made.assets.${kind}, timeout=600).content)`,
  );
}

function lumaAgents(job) {
  return lines(
    keyComment(job),
    imports(job, { more: ["import httpx", "from luma_agents import Luma"] }),
    pictureFunctions(job.told.body),
    "",
    `client = Luma(base_url="${job.origin}/v1", auth_token=${keyValue(job)})`,
    "made = client.generations.create(",
    keywords(job.told.body),
    ")",
    'while made.state not in ["completed", "failed"]:',
    `${INDENT}time.sleep(1)`,
    `${INDENT}made = client.generations.get(made.id)`,
    'if made.state == "failed":',
    `${INDENT}raise SystemExit(made.failure_reason)`,
    `Path("${result(job)}").write_bytes(httpx.get(made.output[0].url, timeout=600).content)`,
  );
}

/** What the package has as arguments of its own; all else goes into `extra_body`. */
const OPENAI_OWN = new Set(["prompt", "model", "seconds", "size"]);

function openai(job) {
  const { body, path } = job.told;
  const own = Object.fromEntries(Object.entries(body).filter(([name]) => OPENAI_OWN.has(name)));
  const extra = Object.fromEntries(Object.entries(body).filter(([name]) => !OPENAI_OWN.has(name)));
  const isExtension = path === "/extensions";
  return lines(
    keyComment(job),
    imports(job, { time: isExtension, more: [isExtension ? "from openai import OpenAI, omit" : "from openai import OpenAI"] }),
    pictureFunctions(body),
    "",
    `client = OpenAI(base_url="${job.origin}/v1", api_key=${keyValue(job)})`,
    isExtension ? "made = client.videos.extend(" : "made = client.videos.create_and_poll(",
    keywords(own),
    isExtension && `${INDENT}video=omit,`,
    Object.keys(extra).length > 0 && keywords({ extra_body: extra }),
    ")",
    isExtension && [
      'while made.status in ["queued", "in_progress"]:',
      `${INDENT}time.sleep(1)`,
      `${INDENT}made = client.videos.retrieve(made.id)`,
    ],
    'if made.status == "failed":',
    `${INDENT}raise SystemExit(made.error)`,
    `client.videos.download_content(made.id).write_to_file(Path("${result(job)}"))`,
  );
}

// JavaScript ------------------------------------------------------------------------------------------

/** Return a value as JavaScript writes it. */
function script(value, depth = 0) {
  const inner = "  ".repeat(depth + 1);
  if (value instanceof FilePicture) return `await ${value.form === "uri" ? "dataUri" : "bareBase64"}("${value.file}")`;
  if (Array.isArray(value)) return `[${value.map((one) => script(one, depth)).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, one]) => `${inner}${name}: ${script(one, depth + 1)},`);
  return `{\n${fields.join("\n")}\n${"  ".repeat(depth)}}`;
}

function javascript(job) {
  const { dialect, told, origin, hasKey } = job;
  const forms = new Set(filesOf(told.body).map(({ form }) => form));
  const path = dialect.video(job.asked);
  const headers = hasKey ? ", { headers }" : "";
  const state = dialect.state.map((key) => `.${key}`).join("");
  return lines(
    `// Node 20 or later: save it as make.mjs${hasKey ? ", put the key into RUSHES_KEY" : ""}, then: node make.mjs`,
    `import { ${forms.size ? "readFile, " : ""}writeFile } from "node:fs/promises";`,
    forms.size > 0 && ["", 'const bareBase64 = (path) => readFile(path, "base64");'],
    forms.has("uri") && "const dataUri = async (path) => `data:image/jpeg;base64,${await bareBase64(path)}`;",
    "",
    `const at = "${origin}${dialect.at}";`,
    hasKey && "const headers = { Authorization: `Bearer ${process.env.RUSHES_KEY}` };",
    `const body = ${script(told.body)};`,
    `const reply = await fetch(at${told.path && ` + "${told.path}"`}, {`,
    '  method: "POST",',
    `  headers: { ${hasKey ? "...headers, " : ""}"Content-Type": "application/json" },`,
    "  body: JSON.stringify(body),",
    "});",
    "if (!reply.ok) throw new Error(await reply.text());",
    "let made = await reply.json();",
    `while (${JSON.stringify(dialect.pending)}.includes(made${state})) {`,
    "  await new Promise((wake) => setTimeout(wake, 1000));",
    `  made = await (await fetch(\`\${at}/\${made.id}\`${headers})).json();`,
    "}",
    `if (made${state} !== "completed") throw new Error(JSON.stringify(made${dialect.failure.map((key) => `.${key}`).join("")}));`,
    path
      ? `const file = await fetch(made${path.map((key) => (Number.isInteger(key) ? `[${key}]` : `.${key}`)).join("")});`
      : `const file = await fetch(\`\${at}/\${made.id}${dialect.content}\`${headers});`,
    `await writeFile("${result(job)}", Buffer.from(await file.arrayBuffer()));`,
  );
}
