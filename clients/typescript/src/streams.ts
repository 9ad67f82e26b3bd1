/** Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */

export interface JobEvent {
  id: string;
  name: string;
  data: Record<string, unknown>;
}

const ENDS = new Set(["complete", "failed", "cancelled"]);

export function isLast(event: JobEvent): boolean {
  return ENDS.has(event.name);
}

/** The whole events of a stream. One that was cut in the middle is left out. */
export async function* parse(body: ReadableStream<Uint8Array>): AsyncGenerator<JobEvent> {
  let id = "";
  let name = "";
  let data: string[] = [];
  for await (const line of lines(body)) {
    if (line === "") {
      if (data.length > 0) yield { id, name, data: JSON.parse(data.join("\n")) as Record<string, unknown> };
      name = "";
      data = [];
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") name = value;
    else if (field === "id") id = value;
    else if (field === "data") data.push(value);
  }
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) yield part.replace(/\r$/, "");
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
