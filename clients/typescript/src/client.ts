/** A thin client: one method per way of calling, with timeouts, retries, idempotency keys, pages and streams. */

import { ApiError, JobFailed, Unreachable } from "./errors.js";
import { isLast, parse, type JobEvent } from "./streams.js";

const LONGEST_WAIT = 60;
/** Answers of a server that did nothing: any call may be made again. */
const BUSY = new Set([429, 503]);
/** Answers of a gateway in place of the server's, which may have done everything. */
const DOUBTFUL = new Set([502, 504]);
/** Methods that do no more when they are repeated. */
const REPEATABLE = new Set(["GET", "HEAD", "PUT", "DELETE"]);

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface ClientOptions {
  /** An API key (`xcs_…`). */
  key?: string;
  /** A person's access token. */
  token?: string;
  /** Seconds until an answer is there, its body included. */
  timeout?: number;
  /** Seconds without a byte of a job's stream, in which the server says something every 15 seconds. */
  silence?: number;
  /** How often one call is made at most. */
  tries?: number;
  /** Seconds before the second try; each later pause is twice as long. */
  pause?: number;
}

export interface CallOptions {
  query?: Query;
  body?: unknown;
  form?: FormData;
  headers?: Record<string, string>;
  /** Kept over all tries; made anew for each call without it. */
  idempotencyKey?: string;
}

export interface RunOptions extends CallOptions {
  /** The most XCT that the work may cost. */
  maxXct?: string | number;
}

/** What work would cost in XCT, as decimal strings: the bill never exceeds `xct_max`. */
export interface Estimate {
  xct_expected: string;
  xct_max: string;
}

export class Client {
  private readonly base: string;
  private readonly named: Record<string, string>;
  private readonly timeout: number;
  private readonly silence: number;
  private readonly tries: number;
  private readonly pause: number;

  /** A caller of the API at `url`, such as `https://api.example.com`. Throws TypeError for what is no address. */
  constructor(url: string, options: ClientOptions = {}) {
    this.base = baseOf(url);
    this.timeout = options.timeout ?? 60;
    this.silence = options.silence ?? 45;
    this.tries = Math.max(1, options.tries ?? 5);
    this.pause = options.pause ?? 0.5;
    this.named = { "User-Agent": "xcscribe-typescript/1.0.0" };
    if (options.key) this.named["X-API-Key"] = options.key;
    if (options.token) this.named["Authorization"] = `Bearer ${options.token}`;
  }

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.call<T>("GET", path, { query });
  }

  post<T>(path: string, body: unknown = {}, options: CallOptions = {}): Promise<T> {
    return this.call<T>("POST", path, { ...options, body });
  }

  /** Change a row. With `version`, only if nobody changed it since (else ApiError 412). */
  patch<T>(path: string, body: unknown, version?: number): Promise<T> {
    return this.call<T>("PATCH", path, { body, headers: ifMatch(version) });
  }

  put<T>(path: string, body: unknown, version?: number): Promise<T> {
    return this.call<T>("PUT", path, { body, headers: ifMatch(version) });
  }

  async delete(path: string, version?: number): Promise<void> {
    await this.call("DELETE", path, { headers: ifMatch(version) });
  }

  /** Send a file as a form. */
  upload<T>(path: string, file: Blob, name: string, fields: Record<string, string> = {}): Promise<T> {
    const form = new FormData();
    for (const [key, value] of Object.entries(fields)) form.append(key, value);
    form.append("file", file, name);
    return this.call<T>("POST", path, { form });
  }

  /** Every row of a list, a page at a time. */
  async *pages<T>(path: string, query: Query = {}, limit = 200): AsyncGenerator<T> {
    let asked: Query | null = { ...query, limit };
    while (asked !== null) {
      const response: Response = await this.send("GET", path, { query: asked });
      yield* (await response.json()) as T[];
      const next = /<([^>]+)>;\s*rel="?next"?/.exec(response.headers.get("Link") ?? "")?.[1];
      asked = next === undefined ? null : Object.fromEntries(new URL(next, this.base).searchParams);
    }
  }

  /** The events of a job until its last one. A stream that is cut goes on after the last event that came. */
  async *events(jobId: string, after = ""): AsyncGenerator<JobEvent> {
    for (let failures = 0; ; ) {
      const headers: Record<string, string> = after === "" ? {} : { "Last-Event-ID": after };
      const response = await this.answer("GET", `jobs/${jobId}/stream`, { headers }, true);
      try {
        if (response.body !== null) {
          for await (const event of parse(response.body, this.silence)) {
            after = event.id === "" ? after : event.id;
            failures = 0;
            yield event;
            if (isLast(event)) return;
          }
        }
      } catch (error) {
        if (error instanceof ApiError) throw error; // anything else is a cut: ask for the rest
      }
      failures += 1;
      if (failures >= this.tries) throw new Unreachable(`The stream of job ${jobId} was cut ${failures} times in a row.`);
      await this.rest(failures, null);
    }
  }

  /** What a POST of `body` to `path` would cost, in XCT. Starts nothing. */
  estimate<T extends Estimate = Estimate>(path: string, body: unknown = {}): Promise<T> {
    return this.post<T>(`${path}/estimate`, body);
  }

  /**
   * Begin a job by a POST and wait for its end. Returns what its last event tells. Throws JobFailed. If it may cost more than
   * `maxXct`, nothing begins: ApiError 409 `max_xct_exceeded`.
   */
  async run(path: string, body: object = {}, options: RunOptions = {}): Promise<Record<string, unknown>> {
    const { maxXct, ...more } = options;
    const asked = maxXct === undefined ? body : { ...body, max_xct: String(maxXct) };
    const begun = await this.post<Record<string, unknown>>(path, asked, more);
    const jobId = String(begun["job_id"] ?? begun["id"]);
    for await (const event of this.events(jobId)) {
      if (!isLast(event)) continue;
      if (event.name !== "complete") throw new JobFailed(event.name, event.data);
      return event.data;
    }
    throw new Unreachable(`The stream of job ${jobId} had no end.`);
  }

  /** Any call. Returns the reply's JSON, its text if it is none, or undefined. Throws ApiError and Unreachable. */
  async call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    const response = await this.send(method, path, options);
    const text = await response.text();
    if (text === "") return undefined as T;
    return (response.headers.get("Content-Type")?.includes("json") ? JSON.parse(text) : text) as T;
  }

  /**
   * The response (2xx) to a call with its whole body, made again while the server is busy, or where the answer was lost and a
   * second call does no harm.
   */
  send(method: string, path: string, options: CallOptions = {}): Promise<Response> {
    return this.answer(method, path, options, false);
  }

  /** `streamed`: the body of a success is still to come. */
  private async answer(method: string, path: string, options: CallOptions, streamed: boolean): Promise<Response> {
    const url = new URL(path.replace(/^\/+/, ""), this.base);
    for (const [name, value] of Object.entries(options.query ?? {})) {
      if (value !== null && value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers: Record<string, string> = { ...this.named, ...options.headers };
    if (method === "POST") headers["Idempotency-Key"] = options.idempotencyKey ?? crypto.randomUUID();
    if (options.form === undefined && options.body !== undefined) headers["Content-Type"] = "application/json";
    const body = options.form ?? (options.body === undefined ? null : JSON.stringify(options.body));
    const harmless = isHarmless(method, headers);
    for (let number = 1; ; number += 1) {
      let response: Response;
      const ended = new AbortController();
      const timer = setTimeout(() => ended.abort(), (streamed ? this.silence : this.timeout) * 1000);
      try {
        response = await fetch(url, { method, headers, body, redirect: "manual", signal: ended.signal });
        if (!streamed || !response.ok) response = await whole(response);
      } catch (error) {
        if (!harmless || number >= this.tries) throw new Unreachable(String(error));
        await this.rest(number, null);
        continue;
      } finally {
        clearTimeout(timer);
      }
      if (response.ok) return response;
      if (method === "DELETE" && number > 1 && response.status === 404) return new Response(null); // an earlier try did it
      const problem = new ApiError(response.status, await problemOf(response));
      const busy = BUSY.has(problem.status) || problem.code === "idempotency_key_in_use";
      const again = busy || (DOUBTFUL.has(problem.status) && harmless);
      if (!again || number >= this.tries) throw problem;
      await this.rest(number, response.headers.get("Retry-After"));
    }
  }

  /** Wait as long as the server says, else longer each time, with jitter. */
  private async rest(number: number, retryAfter: string | null): Promise<void> {
    const said = waitOf(retryAfter, Date.now() / 1000);
    const seconds = said ?? (0.5 + Math.random() / 2) * this.pause * 2 ** (number - 1);
    await new Promise((resolve) => setTimeout(resolve, Math.min(seconds, LONGEST_WAIT) * 1000));
  }
}

/**
 * The seconds that `Retry-After` asks for, as a number or as a date. `now`: seconds since 1970. Null if it says nothing.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function waitOf(retryAfter: string | null, now: number): number | null {
  const said = (retryAfter ?? "").trim();
  if (/^[0-9]+$/.test(said)) return Number(said);
  const date = /^[A-Z][a-z]+,? /.test(said) ? Date.parse(said) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, date / 1000 - now);
}

function baseOf(url: string): string {
  const given = url.trim();
  let usable = false;
  try {
    const parts = new URL(given);
    const named = parts.username === "" && parts.password === "" && !/[\s?#]/.test(given);
    usable = /^https?:\/\/[^/]/.test(given) && parts.hostname !== "" && named;
  } catch {
    usable = false;
  }
  if (!usable) throw new TypeError("The address of the API must be such as https://api.example.com.");
  return `${given.replace(/\/+$/, "")}/api/v1/`;
}

/** Whether a call that was done may be made again. With a version it may not: the first call has changed the version. */
function isHarmless(method: string, headers: Record<string, string>): boolean {
  return "Idempotency-Key" in headers || (REPEATABLE.has(method) && !(method === "PUT" && "If-Match" in headers));
}

/** The response with its body read. */
async function whole(response: Response): Promise<Response> {
  if (response.type === "opaqueredirect") return response; // a browser's, which tells no more
  const bytes = await response.arrayBuffer();
  const { status, statusText, headers } = response;
  return new Response(bytes.byteLength === 0 ? null : bytes, { status, statusText, headers });
}

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  if (response.status < 400) {
    const to = response.headers.get("Location") ?? "another address";
    return { code: "redirected", detail: `The server points to ${to}. Give the client the right address.` };
  }
  try {
    const found: unknown = await response.json();
    return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function ifMatch(version: number | undefined): Record<string, string> {
  return version === undefined ? {} : { "If-Match": `"${version}"` };
}
