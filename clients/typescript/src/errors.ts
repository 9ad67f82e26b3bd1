/** What can go wrong, as errors. */

export interface Fault {
  pointer: string;
  detail: string;
  code: string;
  values?: Record<string, unknown>;
}

/**
 * A reply other than 2xx. Decide by `code`, show `detail`, quote `requestId`. A 304 is `not_modified`: what
 * `If-None-Match` names is still so. Any other 3xx is `redirected`: `detail` says where it points. `values` are the numbers
 * and names in `detail`.
 */
export class ApiError extends Error {
  readonly code: string;
  readonly detail: string;
  readonly values: Record<string, unknown>;
  readonly errors: Fault[];
  readonly requestId: string;

  constructor(
    readonly status: number,
    readonly body: Record<string, unknown>,
  ) {
    super(`${status} ${String(body["code"] ?? "")}: ${String(body["detail"] ?? "")}`);
    this.name = "ApiError";
    this.code = String(body["code"] ?? "");
    this.detail = String(body["detail"] ?? "");
    const values = body["values"];
    this.values = values !== null && typeof values === "object" ? (values as Record<string, unknown>) : {};
    this.errors = Array.isArray(body["errors"]) ? (body["errors"] as Fault[]) : [];
    this.requestId = String(body["request_id"] ?? "");
  }
}

/**
 * No whole answer came, after all tries. A change may have been done all the same: a POST with the same idempotency key is
 * safe to repeat, and before another change is repeated, the row tells.
 */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** A job ended without its result. */
export class JobFailed extends Error {
  override readonly name = "JobFailed";

  constructor(
    readonly event: string,
    readonly data: Record<string, unknown>,
  ) {
    super(`The job ${event}: ${JSON.stringify(data["error"] ?? data["reason"] ?? data)}`);
  }
}

/** A webhook that is not from XC Scribe, was changed, or is too old. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";
}
