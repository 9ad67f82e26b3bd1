/** The official client of XC Scribe's API. */

export {
  Client,
  type BeginOptions,
  type CallOptions,
  type ClientOptions,
  type Estimate,
  type Options,
  type Query,
  type RunOptions,
  type WaitOptions,
} from "./client.js";
export { ApiError, JobFailed, SignatureError, Unreachable, type Fault } from "./errors.js";
export { isLast, type JobEvent } from "./streams.js";
export { verify, type VerifyOptions, type WebhookEvent } from "./webhooks.js";
export type * as schemas from "./schemas.js";
