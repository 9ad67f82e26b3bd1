/** What a call is made of: addresses, ids, versions, waits. Nothing here asks anybody. */

/** Seconds that a server's wish to wait is followed at most. */
export const LONGEST_WAIT = 60;

/** The root of the API at `url`. Throws TypeError for what is no address. */
export function baseOf(url: string): string {
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
  return `${given.replace(/\/+$/, "").replace(/\/api\/v1$/, "")}/api/v1/`;
}

/** A value as one part of a path. Throws TypeError for one that would make it another path. */
export function segment(value: string): string {
  if (value === "" || value === "." || value === "..") throw new TypeError(`"${value}" is no id.`);
  return encodeURIComponent(value);
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

/** Wait. Throws the reason of `signal` once that is aborted. */
export async function rest(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stopped = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stopped);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", stopped, { once: true });
  });
}

/** The response with its body read. */
export async function whole(response: Response): Promise<Response> {
  if (response.type === "opaqueredirect") return response; // a browser's, which tells no more
  const bytes = await response.arrayBuffer();
  const { status, statusText, headers } = response;
  return new Response(bytes.byteLength === 0 ? null : bytes, { status, statusText, headers });
}

/** What a reply other than 2xx says. */
export async function problemOf(response: Response): Promise<Record<string, unknown>> {
  if (response.status === 304) return { code: "not_modified", detail: "It is still as `If-None-Match` says." };
  if (response.status < 400) {
    const location = response.headers.get("Location") ?? "another address";
    return { code: "redirected", detail: `The server points to ${location}. Give the client the right address.`, location };
  }
  try {
    const found: unknown = await response.json();
    return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
