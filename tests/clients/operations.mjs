// Calls each method of the TypeScript client that standard input names: `node operations.mjs URL DIST < calls`.
// Without calls it ends, by a signal, one whose answer has begun and stalled, and a wait for the second try.
import { readFileSync } from "node:fs";

const [url, dist] = process.argv.slice(2);
const { Client } = await import(`${dist}/index.js`);
const calls = JSON.parse(readFileSync(0, "utf8"));
let fetched = 0;
const counted = (input, init) => {
  fetched += 1;
  return fetch(input, init);
};
const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

async function reply(call, found) {
  if (call.is_page || call.kind === "stream") {
    const rows = [];
    for await (const row of found) rows.push(call.is_page ? row : row.name);
    return rows;
  }
  const done = await found;
  return done instanceof Response ? done.text() : (done ?? null);
}

const client = new Client(url, { key: "x", fetch: counted });
const replies = [];
for (const call of calls) {
  const files = call.files.map((name) => [name, new File(["x"], "x.csv")]);
  const given = [...call.ids];
  if (call.body !== null) given.push({ ...call.body, ...Object.fromEntries(files) });
  if (Object.keys(call.query).length > 0) given.push(call.query);
  const { idempotency_key: idempotencyKey, ...options } = call.options;
  given.push(idempotencyKey === undefined ? options : { ...options, idempotencyKey });
  replies.push(await reply(call, client[camel(call.resource)][camel(call.name)](...given)));
}
const result = { fetched, replies };
if (calls.length === 0) {
  const ended = async (address) => {
    const stop = new AbortController();
    const caller = new Client(address, {
      pause: 60,
      fetch: (input, init) => counted(input, init).finally(() => setTimeout(() => stop.abort())),
    });
    try {
      for await (const row of caller.projects.list({}, { signal: stop.signal })) console.error(row);
      return "nothing";
    } catch (error) {
      return error.name;
    }
  };
  result.ended = [await ended(url), await ended("http://127.0.0.1:9")]; // the second is refused at once
  result.fetched = fetched;
}
process.stdout.write(JSON.stringify(result));
