// The outside world of a simulation: takes calls, remembers them, and has receipts and messages to post.
import { createHash } from 'node:crypto';
import { contentLimits } from '../../server/adapters/channels/whatsapp-cloud/content-limits.ts';
import type {
  Channel,
  InboundItem,
  Outcome,
  Outgoing,
  ReceiptStatus,
  UploadOutcome,
  Webhooks,
} from '../../server/ports/channel.ts';
import type { Process, World } from './world.ts';

export interface Arrival {
  token: string;
  numberId: string;
  to: string;
  /** When the call began, by the clock of everybody, and when it arrived, in milliseconds that nothing sets. */
  begunAt: number;
  at: number;
  accepted: boolean;
  /** It came when the caller had given it up, or should have. */
  late: boolean;
  channelMessageId: string;
}

/** Something to post to us, until we have taken it. */
export interface Post {
  item: object;
  number: string;
  /** How often it is still to be posted. */
  copies: number;
  taken: boolean;
  /** It is in the database, whether or not the process that stored it has heard so. */
  stored: boolean;
  receipt: { token: string; status: ReceiptStatus; echoed: boolean } | undefined;
  message: string | undefined;
  isSignal: boolean;
}

/** A call as its caller knows it. */
interface Call {
  process: Process;
  token: string;
  numberId: string;
  to: string;
  /** By the clock of everybody, and in milliseconds that nothing sets. */
  begunAt: number;
  begun: number;
  over: boolean;
  /** What its caller was told of it, if it lived to hear it. */
  heard: Outcome['class'] | undefined;
}

/** How likely what comes of a call is, as weights. */
export type Manners = Record<
  | 'accepted'
  | 'answerLost'
  | 'neverArrives'
  | 'notSent'
  | 'throttled'
  | 'recipientThrottled'
  | 'rejected'
  | 'account'
  | 'flagged'
  | 'deferred'
  | 'templatesRestricted'
  | 'marketingRestricted',
  number
>;

export const kindManners: Manners = {
  accepted: 1,
  answerLost: 0,
  neverArrives: 0,
  notSent: 0,
  throttled: 0,
  recipientThrottled: 0,
  rejected: 0,
  account: 0,
  flagged: 0,
  deferred: 0,
  templatesRestricted: 0,
  marketingRestricted: 0,
};

/** What comes of bringing a file to the channel, as weights. */
export type UploadManners = Record<'uploaded' | 'answerLost' | 'not_sent' | 'throttled' | 'rejected', number>;

export const kindUploads: UploadManners = { uploaded: 1, answerLost: 0, not_sent: 0, throttled: 0, rejected: 0 };

const nothing = { mimeTypes: [], maxBytes: 0 };
const pictures = { mimeTypes: ['image/png'], maxBytes: 5_000_000 };
const media = { image: pictures, video: nothing, audio: nothing, document: nothing, sticker: nothing };
const refused = { code: '1', title: 'Refused by the simulation.' };
/** So long that no schedule sees its end. */
const uploadExpiry = new Date(Date.UTC(2100, 0, 1));

const deadlineMs = 15_000;
/** So long that some of it is left when nothing goes wrong any more. */
const restrictedMs = 600_000;

const nameOf = ({ content }: Outgoing): string => String(Object(content).name);

/** Whether this is of the kind that the manner concerns, if it concerns one. */
function isRestricted(manner: keyof Manners, outgoing: Outgoing): boolean {
  if (manner === 'templatesRestricted') return outgoing.type === 'template';
  if (manner === 'marketingRestricted') return outgoing.type === 'template' && nameOf(outgoing) === 'offer';
  return true;
}

export class Meta {
  readonly arrivals: Arrival[] = [];
  readonly posts: Post[] = [];
  /** Calls that began beside another one to the same person, each with that one. */
  readonly company: { to: string; tokens: [string, string] }[] = [];
  readonly calls: Call[] = [];
  /** Whether it takes free-form messages only in the 24 hours after the person wrote. */
  hasWindow = false;
  /** The names of templates of which it takes no messages. */
  readonly pausedTemplates = new Set<string>();
  /** How often a file was not taken. */
  filesRefused = 0;
  manners: Manners = kindManners;
  uploads: UploadManners = kindUploads;
  /** How likely a refusal of a file says that the channel does not know it any more. */
  forgetsFiles = 0;
  /** Some calls are as long on their way: what leaves later may arrive sooner. */
  longestWayMs = 0;
  /** How likely it is that no receipt of a message ever comes, and that one comes without our token. */
  receiptsLost = 0;
  withoutEcho = 0;
  private ids = 0;
  private warnings = 0;

  constructor(private readonly world: World) {}

  /** The channel as a process sees it. */
  channelOf(process: Process): Channel & Webhooks {
    const { world } = this;
    const clock = world.clockOf(process);
    return {
      capabilities: {
        types: new Set(['text', 'image', 'template']),
        media,
        content: contentLimits,
        window: this.hasWindow,
        links: true,
        options: true,
        addresses: new Set(['phone', 'bsuid']),
      },
      uploadMedia: () => this.takeFile(process),
      fetchMedia: async () => ({ class: 'rejected', ...refused }),
      send: (outgoing, token) => {
        const drawn = world.random.weighted(this.manners);
        const manner = isRestricted(drawn, outgoing) ? drawn : 'accepted';
        const begunAt = clock.now();
        // By a clock that does not sleep with the machine of a process.
        const begun = world.elapsedMs;
        const { numberId, to } = outgoing;
        const call: Call = { process, token, numberId, to, begunAt, begun, over: false, heard: undefined };
        this.noteCompany(call);
        this.calls.push(call);
        return new Promise<Outcome>(resolve => {
          const end = (outcome: Outcome) => {
            call.over = true;
            call.heard = outcome.class;
            cancel();
            resolve(outcome);
          };
          const cancel = clock.after(deadlineMs, () => end({ class: 'unknown', code: 'timeout', title: 'Too late.' }));
          const answer = (outcome: Outcome) =>
            void world.step(process, 'channel', `hears ${outcome.class}`, async () => end(outcome));
          if (manner === 'neverArrives') return;
          if (manner === 'notSent') return answer({ class: 'not_sent', ...refused });
          const arrives = async () => {
            const isPaused = outgoing.type === 'template' && this.pausedTemplates.has(nameOf(outgoing));
            const accepted = !isPaused && (manner === 'accepted' || manner === 'answerLost');
            const channelMessageId = `wamid.${++this.ids}`;
            this.arrivals.push({
              begunAt,
              token,
              numberId: outgoing.numberId,
              to: outgoing.to,
              at: world.elapsedMs,
              accepted,
              late: call.over || !process.alive || world.elapsedMs - begun > deadlineMs,
              channelMessageId,
            });
            if (manner === 'flagged') this.warnings++;
            if (accepted) this.addReceipts(outgoing.numberId, channelMessageId, token);
            // Nobody is there to hear it any more, or it gets lost.
            if (!process.alive || manner === 'answerLost') return;
            if (accepted) answer({ class: 'accepted', channelMessageId });
            else if (isPaused) answer({ class: 'rejected', code: '132015', title: 'The template is paused.' });
            else if (manner === 'deferred') answer({ class: 'deferred', ...refused, waitMs: 5_000 });
            else if (manner === 'templatesRestricted')
              answer({ class: 'templates_restricted', ...refused, waitMs: restrictedMs });
            else if (manner === 'marketingRestricted')
              answer({ class: 'marketing_restricted', ...refused, waitMs: restrictedMs });
            else if (manner === 'throttled') answer({ class: 'throttled', ...refused });
            else if (manner === 'recipientThrottled') answer({ class: 'recipient_throttled', ...refused });
            else if (manner === 'account') answer({ class: 'account_error', ...refused });
            else if (manner === 'flagged') answer({ class: 'flagged', ...refused });
            else {
              const isForgotten = outgoing.type === 'image' && world.random.chance(this.forgetsFiles);
              answer({ class: 'rejected', ...refused, ...(isForgotten && { unknownMedia: true }) });
            }
          };
          const arrive = () =>
            void world.step(process, 'channel', `call arrives at ${outgoing.to}: ${manner}`, arrives);
          if (this.longestWayMs > 0 && world.random.chance(0.3))
            clock.after(world.random.whole(0, this.longestWayMs), arrive);
          else arrive();
        });
      },
      markRead: async () => 'done',
      verify: () => true,
      challenge: () => undefined,
      numbersIn: raw =>
        (JSON.parse(raw.toString()) as InboundItem[]).flatMap(item =>
          'numberId' in item && item.numberId !== undefined ? [item.numberId] : [],
        ),
      parse: raw =>
        (JSON.parse(raw.toString()) as InboundItem[]).map(item =>
          'at' in item
            ? { ...item, at: new Date(item.at) }
            : item.kind === 'signal'
              ? { ...item, hash: item.hash && createHash('sha256').update(String(item.hash)).digest() }
              : item,
        ),
    };
  }

  /** Calls that the channel took as a sign of danger, and signals of it that are stored. */
  get hasWarned(): boolean {
    return this.warnings > 0 || this.posts.some(({ stored, isSignal }) => stored && isSignal);
  }

  /** A file arrives. One that is brought again gets another id. */
  private takeFile(process: Process): Promise<UploadOutcome> {
    const { world } = this;
    const manner = world.random.weighted(this.uploads);
    const channelMediaId = `file ${++this.ids}`;
    return new Promise(resolve => {
      void world.step(process, 'channel', `a file arrives: ${manner}`, async () => {
        if (manner !== 'uploaded') this.filesRefused++;
        if (manner === 'answerLost') {
          const tooLate = { class: 'unknown', code: 'timeout', title: 'Too late.' } as const;
          world.clockOf(process).after(deadlineMs, () => resolve(tooLate));
          return;
        }
        void world.step(process, 'channel', `hears ${manner}`, async () =>
          resolve(
            manner === 'uploaded'
              ? { class: 'uploaded', channelMediaId, expiresAt: uploadExpiry }
              : { class: manner, ...refused },
          ),
        );
      });
    });
  }

  /** The channel tells by itself that it distrusts a number. */
  warn(numberId: string): void {
    const title = 'Distrusted by the simulation.';
    const hash = this.world.random.chance(0.7) ? `signal ${++this.ids}` : undefined;
    const signal = { kind: 'signal', class: 'flagged', numberId, phone: undefined, title, hash };
    this.post(numberId, signal, undefined, undefined);
  }

  /** A7: no two calls to one person at a time. Whose process is dead, or is too late, is given up; a receipt tells all. */
  private noteCompany({ token, numberId, to }: Call): void {
    const { world } = this;
    const beside = this.calls.find(
      call =>
        call.numberId === numberId &&
        call.to === to &&
        !call.over &&
        call.process.alive &&
        world.elapsedMs - call.begun < deadlineMs &&
        // The clock was not set meanwhile, which ends leases.
        world.now() - call.begunAt === world.elapsedMs - call.begun &&
        !this.posts.some(post => post.stored && post.receipt?.token === call.token),
    );
    if (beside) this.company.push({ to, tokens: [beside.token, token] });
  }

  private addReceipts(numberId: string, channelMessageId: string, token: string): void {
    const { random } = this.world;
    if (random.chance(this.receiptsLost)) return;
    // Meta may take back what it said: a failure also comes after other words.
    const way = random.weighted({
      sent: 1,
      delivered: 2,
      read: 2,
      failed: 1,
      'sent failed': 0.3,
      'delivered failed': 0.3,
    });
    const last = way.split(' ')[0] ?? way;
    const statuses: ReceiptStatus[] = (['sent', 'delivered', 'read'] as const).slice(
      0,
      ['sent', 'delivered', 'read'].indexOf(last) + 1,
    );
    if (way.endsWith('failed')) statuses.push('failed');
    for (const status of statuses) {
      const echoed = !random.chance(this.withoutEcho);
      const item = {
        kind: 'receipt',
        numberId,
        channelMessageId,
        token: echoed ? token : undefined,
        status,
        at: new Date(Math.floor(this.world.now() / 1_000) * 1_000),
        code: status === 'failed' ? '131026' : '',
        title: status === 'failed' ? 'Undeliverable' : '',
      };
      this.post(numberId, item, { token, status, echoed }, undefined);
    }
  }

  /** A person writes to a number, or did so some time ago and is only heard of now. */
  write(numberId: string, from: string, { agoMs = 0, userId }: { agoMs?: number; userId?: string } = {}): void {
    const channelMessageId = `wamid.in.${++this.ids}`;
    const item = {
      kind: 'message',
      numberId,
      direction: 'inbound',
      from: { kind: from.startsWith('+') ? 'phone' : 'bsuid', value: from },
      ...(userId !== undefined && { userId }),
      former: [],
      unread: true,
      name: 'A person',
      channelMessageId,
      type: 'text',
      content: { body: 'hello' },
      at: new Date(this.world.now() - agoMs),
    };
    this.post(numberId, item, undefined, channelMessageId);
  }

  /** Posts some of these messages of people once more, as Meta does that has not heard that they were taken. */
  repeat(messages: ReadonlySet<string>): void {
    for (const post of this.posts)
      if (post.message !== undefined && messages.has(post.message) && this.world.random.chance(0.5)) post.copies++;
  }

  private post(number: string, item: object, receipt: Post['receipt'], message: string | undefined): void {
    const copies = this.world.random.weighted({ 1: 4, 2: 1, 3: 0.3 });
    this.posts.push({
      item,
      number,
      copies: Number(copies),
      taken: false,
      stored: false,
      receipt,
      message,
      isSignal: 'kind' in item && item.kind === 'signal',
    });
  }
}
