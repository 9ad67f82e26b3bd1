/** The official client of XC Scribe's API. */

export { Client, type CallOptions, type ClientOptions, type Estimate, type Query, type RunOptions } from "./client.js";
export { ApiError, JobFailed, SignatureError, Unreachable, type Fault } from "./errors.js";
export { isLast, type JobEvent } from "./streams.js";
export { verify, type VerifyOptions, type WebhookEvent } from "./webhooks.js";
export type * as schemas from "./schemas.js";
