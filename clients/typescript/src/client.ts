/** The client: a method per operation, by resource (`client.items.list(…)`), and a low-level door, for any path. */

import { baseOf, LONGEST_WAIT, problemOf, rest, segment, waitOf, whole } from "./core.js";
import { ApiError, JobFailed, Unreachable } from "./errors.js";
import { Resources } from "./operations.js";
import { isLast, parse, type JobEvent } from "./streams.js";

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
  /** What asks the network instead of the global `fetch`. */
  fetch?: typeof fetch;
}

export interface Options {
  /** Ends the call, its waits and its stream: it throws the signal's reason. What the server has begun goes on there. */
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

export interface Keyed {
  /** The same key and body give the first answer again, and one effect. Each call has a key of its own without it. */
  idempotencyKey?: string;
}

export interface Versioned {
  /** The row is changed only if it has this version still, else ApiError 412. */
  version?: number;
}

export interface Waiting {
  /** The seconds that the answer may wait for the end of the work; 0 answers at once with the job. */
  wait?: number;
}

export interface CallOptions extends Options, Keyed, Versioned, Waiting {
  query?: Query;
  body?: unknown;
  form?: FormData;
}

export interface WaitOptions extends Options {
  /** Gets each event of the job as it comes. */
  onEvent?: (event: JobEvent) => void;
}

export interface BeginOptions extends CallOptions {
  /** The most XCT that the work may cost. */
  maxXct?: string | number;
}

export interface RunOptions extends BeginOptions, WaitOptions {}

/** What work would cost in XCT, as decimal strings: the bill never exceeds `xct_max`. */
export interface Estimate {
  xct_expected: string;
  xct_max: string;
}

export class Client extends Resources {
  private readonly base: string;
  private readonly named: Record<string, string>;
  private readonly timeout: number;
  private readonly silence: number;
  private readonly tries: number;
  private readonly pause: number;
  private readonly fetch: typeof fetch;

  /** A caller of the API at `url`, such as `https://api.example.com`. Throws TypeError for what is no address. */
  constructor(url: string, options: ClientOptions = {}) {
    super();
    this.base = baseOf(url);
    this.timeout = options.timeout ?? 60;
    this.silence = options.silence ?? 45;
    this.tries = Math.max(1, options.tries ?? 5);
    this.pause = options.pause ?? 0.5;
    this.fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.named = { "User-Agent": "xcscribe-typescript/1.1.0" };
    if (options.key) this.named["X-API-Key"] = options.key;
    if (options.token) this.named["Authorization"] = `Bearer ${options.token}`;
  }

  // --- jobs

  /** The events of a job until its last one. A stream that is cut goes on after the last event that came. */
  events(jobId: string, after = "", options: Options = {}): AsyncGenerator<JobEvent> {
    return this.stream("GET", `jobs/${segment(jobId)}/stream`, { ...options, after });
  }

  /** Wait for the end of a job. Returns what its last event tells. Throws JobFailed. */
  async wait(jobId: string, options: WaitOptions = {}): Promise<Record<string, unknown>> {
    const { onEvent, ...more } = options;
    let last: JobEvent | undefined;
    for await (const event of this.events(jobId, "", more)) {
      onEvent?.(event);
      last = event;
    }
    if (last === undefined || !isLast(last)) throw new Unreachable(`The stream of job ${jobId} had no end.`);
    if (last.name !== "complete") throw new JobFailed(last.name, last.data);
    return last.data;
  }

  // --- the low-level door: any path below /api/v1

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.call<T>("GET", path, { query });
  }

  post<T>(path: string, body: unknown = {}, options: CallOptions = {}): Promise<T> {
    return this.call<T>("POST", path, { ...options, body });
  }

  /** Change a row. With `version`, only if nobody changed it since (else ApiError 412). */
  patch<T>(path: string, body: unknown, version?: number): Promise<T> {
    return this.call<T>("PATCH", path, { body, ...ifMatch(version) });
  }

  put<T>(path: string, body: unknown, version?: number): Promise<T> {
    return this.call<T>("PUT", path, { body, ...ifMatch(version) });
  }

  async delete(path: string, version?: number): Promise<void> {
    await this.call("DELETE", path, ifMatch(version));
  }

  /** Send a file as a form. */
  upload<T>(path: string, file: Blob, name: string, fields: Record<string, string> = {}): Promise<T> {
    return this.form<T>(path, { ...fields, file: new File([file], name) }, ["file"]);
  }

  /** POST a form in which `files` names the fields that hold a `Blob`. Without a file it is sent as JSON. */
  form<T>(path: string, body: object, files: string[], options: CallOptions = {}): Promise<T> {
    const given = Object.entries(body).filter(([, value]) => value !== null && value !== undefined);
    if (!given.some(([name]) => files.includes(name))) return this.call<T>("POST", path, { ...options, body });
    const form = new FormData();
    for (const [name, value] of given) {
      for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
        if (each instanceof Blob) form.append(name, each);
        else form.append(name, String(each));
      }
    }
    return this.call<T>("POST", path, { ...options, form });
  }

  /** A file: its bytes are still to be read, by `body`, `blob()` or `arrayBuffer()` of the response. */
  download(path: string, query: Query = {}, options: Options = {}): Promise<Response> {
    return this.answer("GET", path, { ...options, query }, true);
  }

  /** The address that a redirect points to. */
  async location(path: string, query: Query = {}, options: Options = {}): Promise<string> {
    try {
      await this.send("GET", path, { ...options, query });
    } catch (error) {
      if (error instanceof ApiError && error.code === "redirected") return String(error.body["location"]);
      throw error;
    }
    throw new TypeError(`${path} is no redirect.`);
  }

  /** Every row of a list, a page at a time, whatever is added, changed or deleted meanwhile. A list that is in an object
   * (`{"events": [...], ...}`) is taken out of it; throws a TypeError if it has none, or several. */
  async *pages<T>(path: string, query: Query = {}, limit = 200, options: Options = {}): AsyncGenerator<T> {
    let asked: Query | null = { limit, ...query };
    while (asked !== null) {
      const response: Response = await this.send("GET", path, { ...options, query: asked });
      const body = (await response.json()) as object;
      const lists = Array.isArray(body) ? [body] : Object.values(body).filter(Array.isArray);
      if (lists.length !== 1) throw new TypeError(`${path} answers with no list, or with several.`);
      yield* lists[0] as T[];
      const next = /<([^>]+)>;\s*rel="?next"?/.exec(response.headers.get("Link") ?? "")?.[1];
      asked = next === undefined ? null : Object.fromEntries(new URL(next, this.base).searchParams);
    }
  }

  /** The events of a stream until the last one. One that is cut goes on after the last event that came. */
  async *stream(method: string, path: string, options: CallOptions & { after?: string } = {}): AsyncGenerator<JobEvent> {
    const { after: begin, ...more } = options;
    const idempotencyKey = more.idempotencyKey ?? crypto.randomUUID(); // the same for each part
    let after = begin ?? "";
    for (let failures = 0; ; ) {
      const headers = after === "" ? { ...more.headers } : { ...more.headers, "Last-Event-ID": after };
      const response = await this.answer(method, path, { ...more, headers, idempotencyKey }, true);
      if (response.status === 204) return; // the job has ended, and nothing follows `after`
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
        more.signal?.throwIfAborted();
        if (error instanceof ApiError) throw error; // anything else is a cut: ask for the rest
      }
      failures += 1;
      if (failures >= this.tries) throw new Unreachable(`The stream of ${path} was cut ${failures} times in a row.`);
      await rest(this.pauseAfter(failures, null), more.signal);
    }
  }

  /** What a POST of `body` to `path` would cost, in XCT. Starts nothing. */
  estimate<T extends Estimate = Estimate>(path: string, body: unknown = {}): Promise<T> {
    return this.post<T>(`${path}/estimate`, body);
  }

  /**
   * Begin a job by a POST that doesn't wait for it. Returns the job's id, for `events`. If it may cost more than `maxXct`,
   * nothing begins: ApiError 409 `max_xct_exceeded`.
   */
  async begin(path: string, body: object = {}, options: BeginOptions = {}): Promise<string> {
    const { maxXct, ...more } = options;
    const asked = maxXct === undefined ? body : { ...body, max_xct: String(maxXct) };
    const begun = await this.post<Record<string, unknown>>(path, asked, { wait: 0, ...more });
    return String(begun["job_id"] ?? begun["id"]);
  }

  /** Begin a job as `begin` does, and wait for its end as `wait` does. */
  async run(path: string, body: object = {}, options: RunOptions = {}): Promise<Record<string, unknown>> {
    const { onEvent, ...more } = options;
    const jobId = await this.begin(path, body, more);
    const following: WaitOptions = more.signal === undefined ? {} : { signal: more.signal };
    return this.wait(jobId, onEvent === undefined ? following : { ...following, onEvent });
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
    const headers: Record<string, string> = { ...this.named, ...headersOf(options), ...options.headers };
    if (method === "POST") headers["Idempotency-Key"] = options.idempotencyKey ?? crypto.randomUUID();
    if (options.form === undefined && options.body !== undefined) headers["Content-Type"] = "application/json";
    const body = options.form ?? (options.body === undefined ? null : JSON.stringify(options.body));
    const harmless = isHarmless(method, headers);
    for (let number = 1; ; number += 1) {
      let response: Response;
      const ended = new AbortController();
      const timer = setTimeout(() => ended.abort(), (streamed ? this.silence : this.timeout) * 1000);
      const signal = options.signal === undefined ? ended.signal : AbortSignal.any([ended.signal, options.signal]);
      try {
        response = await this.fetch(url, { method, headers, body, redirect: "manual", signal });
        if (!streamed || !response.ok) response = await whole(response);
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!harmless || number >= this.tries) throw new Unreachable(String(error));
        await rest(this.pauseAfter(number, null), options.signal);
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
      await rest(this.pauseAfter(number, response.headers.get("Retry-After")), options.signal);
    }
  }

  /** Seconds to wait after try `number`: as long as the server says, else longer each time, with jitter. */
  private pauseAfter(number: number, retryAfter: string | null): number {
    const said = waitOf(retryAfter, Date.now() / 1000);
    return Math.min(said ?? (0.5 + Math.random() / 2) * this.pause * 2 ** (number - 1), LONGEST_WAIT);
  }
}

/** Whether a call that was done may be made again. With a version it may not: the first call has changed the version. */
function isHarmless(method: string, headers: Record<string, string>): boolean {
  return "Idempotency-Key" in headers || (REPEATABLE.has(method) && !(method === "PUT" && "If-Match" in headers));
}

function headersOf({ version, wait }: Versioned & Waiting): Record<string, string> {
  const headers: Record<string, string> = version === undefined ? {} : { "If-Match": `"${version}"` };
  if (wait !== undefined) headers["Prefer"] = wait === 0 ? "respond-async" : `wait=${wait}`;
  return headers;
}

function ifMatch(version: number | undefined): Versioned {
  return version === undefined ? {} : { version };
}
