// One try to hand a message to the server, and what its failure means.
import { ApiError, type Message, type SendMessage } from '@recado/client';
import { isAway, recado } from '../../../../kit/client.ts';
import { toastError } from '../../../../kit/toasts.ts';
import { type Progress, upload } from '../../../../kit/upload.ts';
import type { Kept } from './kept.ts';

interface Try {
  file: Blob | undefined;
  onProgress: (progress: Progress) => void;
  signal: AbortSignal;
}

/** Sends the message, then closes the conversation if that was asked: before it, the message would open it again. */
export async function deliver(kept: Kept, given: Try): Promise<Message> {
  const message = await send(kept, given);
  if (kept.closes) await recado.conversations.close(kept.conversationId, {}).catch(toastError);
  return message;
}

/** Uploads the file, if there is one, and sends the message. Both once, however often it is repeated. */
async function send({ body, key, file: about }: Kept, { file, onProgress, signal }: Try): Promise<Message> {
  if (!about) return recado.messages.send(body, { idempotencyKey: key, signal });
  if (!file) throw new LostFileError();
  const form = { file, filename: about.name, kind: about.kind };
  const media = await upload(form, onProgress, { idempotencyKey: `${key}-file`, signal });
  return recado.messages.send(withFile(body, media.id), { idempotencyKey: key, signal });
}

/** The browser has removed the file, for example to make room. */
export class LostFileError extends Error {}

const withFile = (body: SendMessage, id: string): SendMessage =>
  ({ ...body, [body.type]: { ...(body as unknown as Record<string, object>)[body.type], id } }) as SendMessage;

const passing = new Set([401, 408, 429, 502, 503, 504]);
/** A longer wait is shown as a failure. */
const longestWaitS = 60;

/** Why the server did not take a message, where a repetition may succeed by itself. */
export interface Delay {
  /** `away`: the server did not answer. `asked`: it asked to wait. */
  why: 'away' | 'asked';
  /** The seconds to wait at least. */
  seconds: number;
}

/** Undefined where somebody has to decide. Without a session (401) it waits for the next login. */
export function worthWaiting(error: unknown): Delay | undefined {
  if (isAway(error)) return { why: 'away', seconds: 0 };
  if (!(error instanceof ApiError)) return undefined;
  const { status, retryAfter = 0 } = error;
  const isPassing = passing.has(status) || (status === 409 && error.retryAfter !== undefined);
  return isPassing && retryAfter <= longestWaitS ? { why: 'asked', seconds: retryAfter } : undefined;
}

/** Whether the server certainly did nothing, so that another try may have a new key. */
export const isRejected = (error: unknown): boolean =>
  error instanceof ApiError && error.status >= 400 && error.status < 500;
