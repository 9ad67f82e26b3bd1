/** Checking webhooks by Standard Webhooks 1.0: https://www.standardwebhooks.com */

import { SignatureError } from "./errors.js";

/** The body of a webhook. Its id is the header `webhook-id`. */
export interface WebhookEvent {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

export interface VerifyOptions {
  /** Seconds since 1970; the clock without it. */
  now?: number;
  /** The most seconds that a webhook may be old, or early. */
  tolerance?: number;
}

/** Headers by name, such as `headers` of Node's IncomingMessage. */
export type Named = Record<string, string | string[] | undefined>;

/**
 * The event of a webhook whose signature one of `secrets` (`whsec_…`) made. Throws SignatureError.
 *
 * `body` is the body as it came, byte for byte. Name the old and the new secret while you change them. Keep the header
 * `webhook-id`: a repeat of the same event has the same.
 */
export async function verify(
  body: string | Uint8Array,
  headers: Named | Headers,
  secrets: string | string[],
  options: VerifyOptions = {},
): Promise<WebhookEvent> {
  const id = header(headers, "webhook-id");
  const sentAt = header(headers, "webhook-timestamp");
  if (id === "" || !/^[0-9]{1,12}$/.test(sentAt)) {
    throw new SignatureError("The headers webhook-id and webhook-timestamp are missing or unreadable.");
  }
  const now = options.now ?? Date.now() / 1000;
  if (Math.abs(now - Number(sentAt)) > (options.tolerance ?? 300)) {
    throw new SignatureError("The webhook is too old, or from the future.");
  }
  const given = header(headers, "webhook-signature")
    .split(" ")
    .filter((part) => part.startsWith("v1,"))
    .map((part) => part.slice(3));
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const head = new TextEncoder().encode(`${id}.${sentAt}.`);
  const signed = new Uint8Array(head.length + bytes.length);
  signed.set(head);
  signed.set(bytes, head.length);
  for (const secret of typeof secrets === "string" ? [secrets] : secrets) {
    for (const each of given) {
      if (await fits(secret, signed, each)) return event(bytes);
    }
  }
  throw new SignatureError("No signature fits.");
}

async function fits(secret: string, signed: Uint8Array<ArrayBuffer>, given: string): Promise<boolean> {
  const bytes = base64(secret.replace(/^whsec_/, ""));
  if (bytes === null) throw new SignatureError("A secret is not of the form whsec_….");
  const signature = base64(given);
  if (signature === null) return false;
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  return crypto.subtle.verify("HMAC", key, signature, signed);
}

function base64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function event(bytes: Uint8Array): WebhookEvent {
  let found: unknown;
  try {
    found = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new SignatureError("The body is not JSON.");
  }
  if (typeof found !== "object" || found === null || Array.isArray(found)) {
    throw new SignatureError("The body is not an event.");
  }
  return found as WebhookEvent;
}

function header(headers: Named | Headers, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? "";
  for (const [key, value] of Object.entries(headers)) if (key.toLowerCase() === name) return String(value ?? "");
  return "";
}
