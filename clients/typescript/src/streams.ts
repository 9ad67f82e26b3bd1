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

/**
 * The whole events of a stream. One that was cut in the middle is left out. Throws Error after `silence` seconds without a
 * byte.
 */
export async function* parse(body: ReadableStream<Uint8Array>, silence = 45): AsyncGenerator<JobEvent> {
  let id = "";
  let name = "";
  let data: string[] = [];
  for await (const line of lines(body, silence)) {
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

/** The whole lines, wherever the bytes were divided. `\n`, `\r\n` and `\r` end a line, nothing else does. */
async function* lines(body: ReadableStream<Uint8Array>, silence: number): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let returned = false; // the last character was \r, so that a \n belongs to it
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), silence);
      if (done) return;
      const text = decoder.decode(value, { stream: true });
      if (text === "") continue;
      const begins = returned && text.startsWith("\n") ? 1 : 0;
      returned = text.endsWith("\r");
      const [first = "", ...following] = text.slice(begins).split(/\r\n|\r|\n/);
      parts.push(first);
      for (const line of following) {
        yield parts.join("");
        parts = [line];
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function within<T>(work: Promise<T>, seconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silent = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The stream was silent for ${seconds} seconds.`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, silent]);
  } finally {
    clearTimeout(timer);
  }
}
