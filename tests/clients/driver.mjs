// Does what clients/vectors.json says with the TypeScript client: `node driver.mjs URL KEY DIST < vectors`.
import { readFileSync } from "node:fs";

const [url, key, dist] = process.argv.slice(2);
const { ApiError, Client, SignatureError, Unreachable, verify } = await import(`${dist}/index.js`);
const { waitOf } = await import(`${dist}/core.js`);
const { parse } = await import(`${dist}/streams.js`);
const vectors = JSON.parse(readFileSync(0, "utf8"));

async function webhook(vector) {
  try {
    const event = await verify(vector.body, vector.headers, vector.secrets, { now: vector.now });
    return { ok: true, type: event.type };
  } catch (error) {
    if (error instanceof SignatureError) return { ok: false };
    throw error;
  }
}

async function stream(vector, size) {
  const sent = new TextEncoder().encode(vector.text);
  const body = new ReadableStream({
    start(controller) {
      for (let at = 0; at < sent.length; at += size) controller.enqueue(sent.slice(at, at + size));
      controller.close();
    },
  });
  const events = [];
  for await (const event of parse(body)) events.push([event.id, event.name, event.data]);
  return events;
}

function address(vector) {
  try {
    new Client(vector.url);
  } catch (error) {
    if (error instanceof TypeError) return { ok: false };
    throw error;
  }
  return { ok: true };
}

async function call(client, vector) {
  const { path, body } = vector;
  try {
    if (vector.do === "get") await client.get(path);
    else if (vector.do === "get again") {
      const tag = (await client.send("GET", path, { query: { limit: 2 } })).headers.get("ETag");
      await client.send("GET", path, { query: { limit: 2 }, headers: { "If-None-Match": tag } });
    } else if (vector.do === "post") await client.post(path, body, vector.key ? { idempotencyKey: vector.key } : {});
    else if (vector.do === "patch") await client.patch(path, body, vector.version);
    else if (vector.do === "put") await client.put(path, body, vector.version);
    else if (vector.do === "delete") await client.delete(path);
    else if (vector.do === "pages") {
      const ids = new Set();
      for await (const row of client.pages(path, {}, vector.limit)) ids.add(row.id);
      return { count: ids.size };
    } else if (vector.do === "leave") {
      let count = 0;
      for await (const row of client.pages(path, { status: "pending" }, vector.limit)) {
        await client.post(`${path}/exclude`, { item_ids: [row.id] });
        count += 1;
      }
      return { count };
    } else if (vector.do === "count") {
      let count = 0;
      for await (const row of client.pages(path)) {
        if (Object.entries(vector.match).every(([name, value]) => row[name] === value)) count += 1;
      }
      return { count };
    } else if (vector.do === "estimate") {
      return { xct_max: (await client.estimate(path, body)).xct_max };
    } else if (vector.do === "limited") {
      await client.run(path, body, { maxXct: vector.max_xct });
    } else if (vector.do === "run") {
      const events = [];
      await client.run(path, body, { onEvent: (event) => events.push(event) });
      return { ends: events.at(-1).name, numbers: events.map((event) => Number(event.id)) };
    } else if (vector.do === "stream") {
      const events = [];
      for await (const event of client.stream("POST", path, { body })) events.push(event);
      return { ends: events.at(-1).name, numbers: events.map((event) => Number(event.id)) };
    }
  } catch (error) {
    if (error instanceof ApiError) {
      return { status: error.status, code: error.code, pointers: error.errors.map((fault) => fault.pointer) };
    }
    if (error instanceof Unreachable) return { unreachable: true };
    throw error;
  }
  return {};
}

const found = { webhooks: [], waits: [], addresses: [], streams: [], calls: [] };
for (const vector of vectors.webhooks) found.webhooks.push(await webhook(vector));
for (const vector of vectors.waits) found.waits.push(waitOf(vector.said, vectors.now));
for (const vector of vectors.addresses) found.addresses.push(address(vector));
for (const vector of vectors.streams) {
  found.streams.push(await Promise.all(vectors.pieces.map((size) => stream(vector, size))));
}
for (const vector of vectors.calls) {
  await fetch(`${url}/faults`, { method: "POST", body: JSON.stringify(vector.faults ?? []) });
  const done = await call(new Client(url, { key, tries: 4, pause: 0.05, ...vector.client }), vector);
  const seen = await (await fetch(`${url}/seen`)).json();
  found.calls.push({ ...done, seen });
}
process.stdout.write(JSON.stringify(found));
