// Accepting up to 1,000 messages with one request: each item is judged by itself, and repeats have no second effect.
import { type BatchAccepted, type SendMessageBody, sendMessageBody } from '@recado/contract';
import { isUnstorable, type ScopedDatabase } from '../../kit/db/database.ts';
import { AppError, unstorableProblem } from '../../kit/errors.ts';
import { type KeyedAnswer, underKey } from '../../kit/http/idempotency.ts';
import { type Caller, fieldErrorsOf, fieldsInWords } from '../../kit/http/routes.ts';
import { newUuid, toId } from '../../kit/ids.ts';
import type { Accepted, Accepting } from './accept-message.ts';
import type { AcceptRequest } from './accept-store.ts';
import { insertBatch } from './batch-store.ts';
import { withoutDefaults } from './message.ts';

type Result = BatchAccepted['results'][number];

/**
 * Accepts the items of a batch and gives the answer, the same one for each repeat of the request. It goes on
 * with a part that was cut off: an accepted item is not accepted twice.
 */
export async function acceptBatchOf(
  db: ReturnType<ScopedDatabase['within']>,
  accepting: Accepting,
  caller: Caller,
  items: unknown[],
  key: string | undefined,
): Promise<KeyedAnswer> {
  const parsed = await parseItems(items);
  // Null is the same as no field here too.
  const body = parsed.map((each, index) => (each.success ? withoutDefaults(each.data) : items[index]));
  // The answer names messages, so only callers with the same accounts get it again.
  const by = caller.accounts && `accounts ${[...caller.accounts].sort().join(' ')}`;
  const request = { workspaceId: caller.workspaceId, operation: 'messages.batch', key, body, by };
  return underKey(db, request, newUuid(), async ({ id, demandHeld }) => {
    const checked = await Promise.all(
      parsed.map((item, index) =>
        checkItem(item, index, body => accepting.check(caller, body, undefined, { batchId: id, place: index })),
      ),
    );
    // Only now, and in their order: a file takes longer to check than the text behind it.
    const results = await Promise.all(
      checked.map((item, index) => ('request' in item ? storeItem(index, () => accepting.store(item.request)) : item)),
    );
    const accepted = results.filter(result => result.message).length;
    const { workspaceId, id: createdBy } = caller;
    const createdAt = await db.transaction(async tx => {
      await demandHeld(tx);
      return insertBatch(tx, { id, workspaceId, createdBy, total: items.length, accepted });
    });
    const body: BatchAccepted = {
      id: toId('batch', id),
      total: items.length,
      accepted,
      rejected: items.length - accepted,
      created_at: createdAt.toISOString(),
      results,
    };
    return { status: 202, text: JSON.stringify(body) };
  });
}

/** Items that are parsed before others get the event loop: the errors of an item may take long to collect. */
const parsedAtOnce = 20;

async function parseItems(items: unknown[]) {
  const parsed: ReturnType<typeof sendMessageBody.safeParse>[] = [];
  for (const item of items) {
    parsed.push(sendMessageBody.safeParse(item));
    if (parsed.length % parsedAtOnce === 0) await new Promise(setImmediate);
  }
  return parsed;
}

/** What is to be stored, or the result of an item that cannot be. */
async function checkItem(
  parsed: ReturnType<typeof sendMessageBody.safeParse>,
  index: number,
  check: (body: SendMessageBody) => ReturnType<Accepting['check']>,
): Promise<{ request: AcceptRequest } | Result> {
  if (!parsed.success) {
    const errors = fieldErrorsOf(parsed.error.issues);
    return { index, status: 400, error: { code: 'invalid_request', detail: fieldsInWords(errors), errors } };
  }
  try {
    return { request: await check(parsed.data) };
  } catch (error) {
    return refusal(index, error);
  }
}

async function storeItem(index: number, store: () => Promise<Accepted>): Promise<Result> {
  try {
    return { index, status: 202, message: (await store()).message };
  } catch (error) {
    return refusal(index, error);
  }
}

/** The result of a rejected item. An unforeseen error ends the whole batch. */
function refusal(index: number, thrown: unknown): Result {
  const error = isUnstorable(thrown) ? unstorableProblem(thrown) : thrown;
  if (!(error instanceof AppError) || error.status >= 500) throw error;
  const errors = error.fields && { errors: error.fields };
  return { index, status: error.status, error: { code: error.code, detail: error.detail, ...errors } };
}
