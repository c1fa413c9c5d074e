// Accepts a message: checks it, stores it durably together with others, responds, and wakes its lane.
import type { ChannelName, Message, MessageContent, MessageType, SendMessageBody } from '@recado/contract';
import { type Database, isUnavailable, type Queryable, type ScopedDatabase } from '../../kit/db/database.ts';
import { type GroupCommit, groupCommit, type Pace } from '../../kit/db/group-commit.ts';
import { type AppError, commonProblem } from '../../kit/errors.ts';
import { storedKey } from '../../kit/http/idempotency.ts';
import { type Caller, fieldsInWords, invalid } from '../../kit/http/routes.ts';
import { batchItemUuid, newMessageUuid, toUuid } from '../../kit/ids.ts';
import type { Metrics } from '../../kit/metrics.ts';
import type { Clock } from '../../kit/time.ts';
import type { WhoRow } from '../../kit/who.ts';
import type { Capabilities, Channels } from '../../ports/channel.ts';
import { accountProblem, channelOf } from '../accounts/index.ts';
import { type ConversionCandidate, type Format, findSendable } from '../media/index.ts';
import type { TemplateChecks } from '../templates/index.ts';
import { type Acceptance, type AcceptRequest, acceptBatch, claimedOf, wasAccepted } from './accept-store.ts';
import { attachedFiles, attachedMedia, formatOf, unsupported } from './attached-file.ts';
import { beyondLimits } from './content-limits.ts';
import type { DirectSend } from './direct-send.ts';
import { problem } from './errors.ts';
import { findMessage } from './list-store.ts';
import { contentOf, presentAccepted, priorityNumbers, requestHash } from './message.ts';
import { addressOf, demandReadable, numberForCode } from './recipient.ts';
import { targetOf } from './target-store.ts';
import { wasThere, whatCame } from './unseen-store.ts';
import { categoryOf, needsWindow, optedOut, windowClosed } from './window-and-opt-outs.ts';

/** Of an account whose channel is not served here. */
const anyAddress: Capabilities['addresses'] = new Set(['phone', 'bsuid', 'lid']);

/** How far in the past a send_at still means now. */
const latestMs = 86_400_000;

const noSuchAccount = () =>
  accountProblem('account_not_found', undefined, {
    fields: [{ field: 'account_id', message: 'Account not found.' }],
  });

const noSuchFile = (path: string) => invalid(`${path}.id`, 'File not found.');

const notConnected = (reason: string | null) =>
  problem(
    'account_not_connected',
    `The account is not connected${reason === null ? '' : `: ${reason.replace(/\.$/, '')}`}. Recado accepts its messages again once it is connected.`,
    { fields: [{ field: 'account_id', message: 'Is not connected.' }] },
  );

const dayIsOver = ({ midnight, midnight_in_ms: ms }: Acceptance) =>
  problem(
    'daily_limit_reached',
    `The account has reached its daily limit. It accepts messages again from midnight in its time zone${midnight ? `, ${midnight.toISOString()}` : ''}; or raise limits.per_day, or set limits.on_limit to "hold" so that messages wait.`,
    {
      fields: [{ field: 'account_id', message: 'Has reached its daily limit.' }],
      ...(ms !== null && { retryAfterSeconds: Math.max(1, Math.ceil(ms / 1_000)) }),
    },
  );

/** The links to files, where the channel fetches none. */
const linksIn = ({ links }: Capabilities, type: MessageType, content: MessageContent) =>
  !links && 'link' in content && content.link !== undefined
    ? [
        {
          field: `${type}.link`,
          message: 'The channel of this account takes no links. Upload the file and give its id.',
        },
      ]
    : [];

const typeNotSupported = (capabilities: Capabilities, type: MessageType) => {
  const types = [...capabilities.types].join(', ');
  return problem('type_not_supported', `The channel of this account does not support ${type}. It supports ${types}.`, {
    fields: [{ field: 'type', message: `Must be one of ${types} for this account.` }],
  });
};

export interface AcceptNeeds {
  db: Database;
  /** Asked only for people who read some conversations. */
  scoped: Pick<ScopedDatabase, 'within'>;
  clock: Clock;
  channels: Pick<Channels, 'capabilitiesOf'>;
  wake: (kind: string, key: string) => void;
  metrics: Pick<Metrics, 'accepted'>;
  /** The pace of batches; none by default. */
  pace?: Pace;
  /** Makes the calls of messages that begin in their own COMMIT. */
  directSend: DirectSend;
  /** Checks template messages against their templates. */
  templates: TemplateChecks;
  /** Why a file cannot be converted, as a sentence; undefined if it can. */
  cannotConvert: (file: ConversionCandidate, format: Format) => Promise<string | undefined>;
}

/** `item` is the place in a batch, by which a repeat finds the message; other messages may have an idempotency key. */
type Asked = [
  caller: Caller,
  body: SendMessageBody,
  idempotencyKey?: string,
  item?: { batchId: string; place: number },
];

export interface Accepted {
  message: Message;
  /** Whether this is the first response again, for a repeat with the same key. */
  replayed: boolean;
}

export interface Accepting {
  accept: (...asked: Asked) => Promise<Accepted>;
  /** The first half: checks the message and returns it for `store`. @throws AppError if it cannot be sent */
  check: (...asked: Asked) => Promise<AcceptRequest>;
  /** The second half: messages of an account are sent in the order of these calls. */
  store: (request: AcceptRequest) => Promise<Accepted>;
}

/**
 * Creates the functions that accept messages. Requests that arrive together share a COMMIT. Each response is sent after
 * its COMMIT.
 */
export function acceptMessages(needs: AcceptNeeds): Accepting & { idle: () => Promise<void> } {
  const { db, channels, wake } = needs;
  const group: GroupCommit<AcceptRequest, Acceptance> = groupCommit({
    write: (requests, again) =>
      needs.directSend.begin(
        offer => acceptBatch(db.grouped, requests, again, offer, needs.clock.sqlNow()),
        acceptances => claimedOf(requests, acceptances),
      ),
    uncertain: isUnavailable,
    // A batch that two requests continue has its items twice.
    apart: ({ workspaceId, key, batchId, id }) => (batchId ? id : key && `${workspaceId} ${key}`),
    max: 500,
    // One batch at a time: requests that arrive meanwhile form the next batch. A larger batch costs less per message.
    inFlight: 1,
    pace: needs.pace,
  });
  const channelBy = channelCache(db);

  async function check(...[caller, body, givenKey, item]: Asked): Promise<AcceptRequest> {
    const key = givenKey === undefined ? undefined : storedKey(givenKey);
    const id = item ? batchItemUuid(item.batchId, item.place) : newMessageUuid();
    const accountId = toUuid(body.account_id);
    const channel = await channelBy(caller.workspaceId, accountId);
    const known = channel && channels.capabilitiesOf(channel);
    const lookups = { db, readable: caller.reader ? needs.scoped.within(caller) : db };
    const to = await addressOf(lookups, caller, { id: accountId, addresses: known?.addresses ?? anyAddress }, body);
    if (body.expires_at !== undefined && body.valid_for_seconds !== undefined)
      throw invalid('valid_for_seconds', 'Give either expires_at or valid_for_seconds, not both.');
    if (!channel || (caller.accounts && !caller.accounts.includes(accountId))) throw noSuchAccount();
    if (known && !known.types.has(body.type)) throw typeNotSupported(known, body.type);
    if (known && !known.options && body.options)
      throw invalid('options', 'Must be absent: the channel of this account takes no options.');
    const template =
      body.type === 'template' ? await needs.templates.check(caller.workspaceId, accountId, body.template) : undefined;
    const address = await numberForCode(db, caller, to, categoryOf(body.type, template?.content));
    if (caller.reader) await demandReadable(lookups, { workspaceId: caller.workspaceId, accountId, address });
    const target = await targetOf(lookups.readable, caller, accountId, address, body);
    const content = template?.content ?? contentOf(body);
    const broken = known
      ? [...beyondLimits(known.content, body.type, content), ...linksIn(known, body.type, content)]
      : [];
    if (broken.length > 0) throw commonProblem('invalid_request', fieldsInWords(broken), { fields: broken });
    const trouble =
      troubleOfTime(body.send_at) ??
      template?.trouble ??
      target?.trouble ??
      (await troubleOfSeen(lookups.readable, accountId, body.last_seen_id)) ??
      (known && (await troubleOfFile(caller, known, body.type, content)));
    // A repeat returns the first response, even if the file or the time is no longer valid.
    if (trouble && !(await wasAccepted(db, { workspaceId: caller.workspaceId, id, key }, needs.clock.sqlNow())))
      throw trouble;
    return {
      id,
      workspaceId: caller.workspaceId,
      accountId,
      key,
      hash: key === undefined ? undefined : requestHash(to, body),
      address,
      priority: priorityNumbers[body.priority ?? 'normal'],
      type: body.type,
      content,
      createdBy: { kind: caller.kind, id: caller.id, name: caller.name },
      sendAt: body.send_at,
      expiresAt: body.expires_at,
      validForS: body.valid_for_seconds,
      onUnknown: body.on_unknown,
      onWindowClosed: needsWindow(body.type) && known?.window !== false ? body.on_window_closed : 'send',
      category: categoryOf(body.type, content),
      batchId: item?.batchId,
      reference: body.reference,
      metadata: body.metadata,
      mediaId: attachedMedia(body.type, content),
      context: target?.context,
      seenId: body.last_seen_id && toUuid(body.last_seen_id),
    };
  }

  async function store(request: AcceptRequest): Promise<Accepted> {
    const stored = await group.add(request);
    return { message: await answer(request, stored), replayed: stored.outcome === 'replayed' };
  }

  /** A queue of the caller may delay a message. A time more than a day ago is a mistake. */
  function troubleOfTime(sendAt: string | undefined): AppError | undefined {
    if (sendAt === undefined || Date.parse(sendAt) >= needs.clock.now() - latestMs) return undefined;
    return invalid('send_at', 'Must not be more than 24 hours ago. Omit it to send now.');
  }

  /** Nothing can have come after a message that does not exist. */
  async function troubleOfSeen(
    readable: Queryable,
    accountId: string,
    seen: string | undefined,
  ): Promise<AppError | undefined> {
    if (seen === undefined || (await wasThere(readable, accountId, toUuid(seen)))) return undefined;
    return invalid('last_seen_id', 'Message or note not found in this account.');
  }

  /** Why the file of a message cannot be sent. */
  async function troubleOfFile(
    caller: Caller,
    capabilities: Capabilities,
    type: MessageType,
    content: MessageContent,
  ): Promise<AppError | undefined> {
    for (const { id, kind, path } of attachedFiles(type, content)) {
      const file = await findSendable(db, caller.workspaceId, id);
      const isSeen =
        file && (!caller.accounts || file.account_id === null || caller.accounts.includes(file.account_id));
      if (!isSeen) return noSuchFile(path);
      const format = file.status === 'stored' ? formatOf(type, content) : undefined;
      const sentence =
        format === undefined ? unsupported(kind, file, capabilities.media) : await needs.cannotConvert(file, format);
      if (sentence !== undefined) return invalid(format === 'voice' ? 'audio.voice' : `${path}.id`, sentence);
    }
    return undefined;
  }

  async function answer(request: AcceptRequest, stored: Acceptance): Promise<Message> {
    switch (stored.outcome) {
      case 'accepted':
        needs.metrics.accepted.inc();
        if (!stored.claimed) wake('send', request.accountId);
        return presentAccepted({
          id: stored.message_id,
          account_id: request.accountId,
          conversation_id: stored.conversation_id,
          contact_id: stored.contact_id,
          address: request.address,
          account_phone: stored.account_phone,
          type: request.type,
          content: request.content,
          context: request.context ?? null,
          context_message_id: null,
          created_at: stored.created_at,
          priority: request.priority,
          send_at: stored.send_at,
          expires_at: stored.expires_at,
          batch_id: request.batchId ?? null,
          campaign_id: request.campaignId ?? null,
          created_by: creatorOf(request),
          reference: request.reference ?? null,
          metadata: request.metadata ?? null,
          warnings: stored.warnings,
        });
      case 'replayed': {
        const row = await findMessage(db, request.workspaceId, stored.message_id);
        if (!row) throw problem('message_not_found');
        return presentAccepted(row);
      }
      case 'mismatch':
        throw commonProblem('idempotency_key_reused');
      case 'account_not_found':
        throw noSuchAccount();
      case 'file_gone':
        throw noSuchFile(attachedFiles(request.type, request.content)[0]?.path ?? request.type);
      case 'expired':
        throw invalid('expires_at', 'Must be in the future and after send_at.');
      case 'queue_full':
        throw problem('queue_full', undefined, {
          retryAfterSeconds: 60,
          fields: [{ field: 'account_id', message: 'Has a full queue.' }],
        });
      case 'account_not_connected':
        throw notConnected(stored.status_reason);
      case 'daily_limit_reached':
        throw dayIsOver(stored);
      case 'window_closed':
        throw windowClosed();
      case 'opted_out':
        throw await optedOut(db, request);
      case 'conversation_changed':
        throw problem('conversation_changed', undefined, {
          came: await whatCame(db, stored.conversation_id, { seenId: request.seenId, writer: request.createdBy?.id }),
        });
      case 'spend_cap_reached':
        throw problem('spend_cap_reached');
      case 'consent_missing':
        throw problem('consent_missing', undefined, { fields: [{ field: 'to', message: 'Has no consent.' }] });
    }
  }

  return { accept: async (...asked) => store(await check(...asked)), check, store, idle: group.idle };
}

/** Without a name nobody reads the answer. */
const creatorOf = ({ createdBy: by }: AcceptRequest): WhoRow | null =>
  by?.name === undefined ? null : { kind: by.kind, id: by.id, name: by.name };

/** An account never changes its channel, so one query per account is enough. */
function channelCache(db: Database) {
  const known = new Map<string, ChannelName>();
  return async (workspaceId: string, accountId: string): Promise<ChannelName | undefined> => {
    const id = `${workspaceId} ${accountId}`;
    const cached = known.get(id);
    if (cached) return cached;
    // Also a deleted account: the store rejects a new message, and returns the first response to a repeat.
    const channel = await channelOf(db, workspaceId, accountId, true);
    if (channel) {
      if (known.size > 10_000) known.clear();
      known.set(id, channel);
    }
    return channel;
  };
}
