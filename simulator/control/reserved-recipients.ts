// Outcomes that can be forced, and the reserved numbers (+1 xxx 555 01dd) that force them.

export type StatusName = 'sent' | 'delivered' | 'read' | 'failed';

/** A receipt. `after` names the delay; `byPerson` applies only if the phone reads automatically. */
export type Step = {
  status: StatusName;
  after: 'sent' | 'delivered' | 'read';
  byPerson?: true;
  error?: number;
  /** Why, if there is more to say than the error's title. */
  details?: string;
};

/** How the response to an accepted call is sent, if at all. */
type AnswerManner =
  | 'at-once'
  | 'slow'
  | 'after-receipts'
  | 'lost'
  | 'never'
  | 'garbage'
  | 'server-error'
  | 'gateway-error';

export type Outcome = {
  /** The last two digits of the reserved number, or null for the normal case. */
  digits: string | null;
  /** What a caller sees; the README's table has the same text. */
  does: string;
  /** Rejected with this code: the first calls to this recipient, or all. */
  refuse?: { code: number; subcode?: number; details?: string; first?: number };
  /** The connection is cut before anything is accepted. */
  dropped?: true;
  answer: AnswerManner;
  receipts: readonly Step[];
  /** All receipts come later by the delay `late`. */
  late?: true;
  /** How often each receipt is sent. */
  copies?: number;
};

const sent: Step = { status: 'sent', after: 'sent' };
const delivered: Step = { status: 'delivered', after: 'delivered' };
const read: Step = { status: 'read', after: 'read', byPerson: true };
const ordinary = [sent, delivered, read];
const failed = (error: number): Step => ({ status: 'failed', after: 'sent', error });

const table = {
  accepted: {
    digits: null,
    does: 'accepted; sent, delivered, and read if the phone reads by itself',
    answer: 'at-once',
    receipts: ordinary,
  },
  'rate-limited': {
    digits: '10',
    does: 'the first two calls fail with 400 code 130429, then accepted',
    refuse: { code: 130429, first: 2 },
    answer: 'at-once',
    receipts: ordinary,
  },
  'pair-rate-limited': {
    digits: '11',
    does: 'the first call fails with 400 code 131056, then accepted',
    refuse: { code: 131056, first: 1 },
    answer: 'at-once',
    receipts: ordinary,
  },
  undeliverable: {
    digits: '12',
    does: 'accepted, then the status failed with code 131026',
    answer: 'at-once',
    receipts: [failed(131026)],
  },
  'window-closed': {
    digits: '13',
    does: 'always 400 code 131047',
    refuse: { code: 131047 },
    answer: 'at-once',
    receipts: [],
  },
  'token-expired': {
    digits: '14',
    does: 'the first call fails with 401 code 190, then accepted',
    refuse: { code: 190, first: 1 },
    answer: 'at-once',
    receipts: ordinary,
  },
  'server-error': {
    digits: '15',
    does: 'always 500 code 131000, never accepted',
    refuse: { code: 131000 },
    answer: 'at-once',
    receipts: [],
  },
  'answer-lost': {
    digits: '16',
    does: 'accepted, the receipts come, but the connection is cut without a response',
    answer: 'lost',
    receipts: ordinary,
  },
  'answer-and-receipts-lost': {
    digits: '17',
    does: 'accepted and shown on the phone, but neither a response nor a receipt comes',
    answer: 'lost',
    receipts: [],
  },
  'garbage-answer': {
    digits: '18',
    does: 'accepted, the receipts come, but the response is 200 with an HTML page',
    answer: 'garbage',
    receipts: ordinary,
  },
  'never-delivered': {
    digits: '19',
    does: 'accepted, then only the status sent',
    answer: 'at-once',
    receipts: [sent],
  },
  'read-first': {
    digits: '20',
    does: 'accepted, then the statuses in the order read, delivered, sent',
    answer: 'at-once',
    receipts: [
      { status: 'read', after: 'sent' },
      { status: 'delivered', after: 'delivered' },
      { status: 'sent', after: 'read' },
    ],
  },
  'repeated-statuses': {
    digits: '21',
    does: 'accepted, then each status three times',
    answer: 'at-once',
    receipts: ordinary,
    copies: 3,
  },
  'late-statuses': {
    digits: '22',
    does: 'accepted, then all statuses come five seconds later than usual',
    answer: 'at-once',
    receipts: ordinary,
    late: true,
  },
  'sent-then-failed': {
    digits: '23',
    does: 'accepted, then the status sent, then failed with code 131000',
    answer: 'at-once',
    receipts: [sent, { status: 'failed', after: 'delivered', error: 131000 }],
  },
  'slow-answer': {
    digits: '24',
    does: 'accepted at once; the response comes after three seconds',
    answer: 'slow',
    receipts: ordinary,
  },
  'receipts-before-answer': {
    digits: '25',
    does: 'accepted; the response leaves when all receipts were posted and acknowledged',
    answer: 'after-receipts',
    receipts: ordinary,
  },
  'no-answer': {
    digits: '26',
    does: 'accepted, the receipts come, the connection stays open without a response until the caller gives up',
    answer: 'never',
    receipts: ordinary,
  },
  dropped: {
    digits: '27',
    does: 'the connection is cut without a response and nothing is accepted, always',
    dropped: true,
    answer: 'lost',
    receipts: [],
  },
  'temporarily-unavailable': {
    digits: '28',
    does: 'the first call fails with 503 code 2, then accepted',
    refuse: { code: 2, first: 1 },
    answer: 'at-once',
    receipts: ordinary,
  },
  'accepted-with-server-error': {
    digits: '29',
    does: 'accepted, the receipts come, but the response is 500 code 131000',
    answer: 'server-error',
    receipts: ordinary,
  },
  'spam-limited': {
    digits: '30',
    does: 'the first call fails with 400 code 131048, then accepted',
    refuse: { code: 131048, first: 1 },
    answer: 'at-once',
    receipts: ordinary,
  },
  'media-failed': {
    digits: '31',
    does: 'accepted, then the status failed with code 131053',
    answer: 'at-once',
    receipts: [failed(131053)],
  },
  'number-not-shared': {
    digits: '32',
    does: 'the first call fails with 400 code 100, subcode 33, then accepted',
    refuse: {
      code: 100,
      subcode: 33,
      details:
        'Unsupported post request. The object does not exist, cannot be loaded due to missing permissions, or does not support this operation.',
      first: 1,
    },
    answer: 'at-once',
    receipts: ordinary,
  },
  'spam-failed': {
    digits: '33',
    does: 'accepted, then the status failed with code 131048',
    answer: 'at-once',
    receipts: [failed(131048)],
  },
  'payment-failed': {
    digits: '34',
    does: 'accepted, then the status failed with code 131042',
    answer: 'at-once',
    receipts: [failed(131042)],
  },
  'outside-window': {
    digits: '35',
    does: 'accepted, then the status failed with code 131047: the 24-hour window is closed',
    answer: 'at-once',
    receipts: [
      {
        status: 'failed',
        after: 'sent',
        error: 131047,
        details: 'More than 24 hours have passed since the recipient last replied to the sender number.',
      },
    ],
  },
  'marketing-stopped': {
    digits: '36',
    does: 'accepted, then the status failed with code 131050: the person stopped marketing messages',
    answer: 'at-once',
    receipts: [
      { status: 'failed', after: 'sent', error: 131050, details: 'The recipient stopped marketing messages.' },
    ],
  },
  'marketing-capped': {
    digits: '37',
    does: 'accepted, then the status failed with code 131049: the person has enough marketing messages',
    answer: 'at-once',
    receipts: [failed(131049)],
  },
  'in-experiment': {
    digits: '38',
    does: 'accepted, then the status failed with code 130472: the person is in an experiment of Meta',
    answer: 'at-once',
    receipts: [failed(130472)],
  },
  'country-restricted': {
    digits: '39',
    does: 'accepted, then the status failed with code 130497: the business may not write to this country',
    answer: 'at-once',
    receipts: [failed(130497)],
  },
  'accepted-with-gateway-error': {
    digits: '41',
    does: 'accepted, the receipts come, but the response is 502 with an HTML page, as of a proxy',
    answer: 'gateway-error',
    receipts: ordinary,
  },
} as const satisfies Record<string, Outcome>;

/** A code that a script forces: as the response, or as the status of an accepted message. */
type ForcedCode = `error-${number}` | `failed-${number}`;

type NamedOutcome = keyof typeof table;

export type OutcomeName = NamedOutcome | ForcedCode;

/** The outcomes that have a name of their own. */
export const outcomes: Readonly<Record<NamedOutcome, Outcome>> = table;

export const outcomeNames = Object.keys(table) as NamedOutcome[];

const byDigits = new Map(outcomeNames.map(name => [outcomes[name].digits, name]));

/** The outcome that this recipient's digits force; an ordinary number is accepted. */
export const outcomeFor = (waId: string): OutcomeName => {
  const digits = /^1\d{3}55501(\d\d)$/.exec(waId)?.[1];
  return (digits === undefined ? undefined : byDigits.get(digits)) ?? 'accepted';
};

/** The outcome of a name; also of names in the ledger of an older version. */
export const outcomeNamed = (name: string): Outcome => {
  const [, manner, digits] = /^(error|failed)-(\d+)$/.exec(name) ?? [];
  const code = Number(digits);
  if (manner === 'error') return { digits: null, does: '', refuse: { code }, answer: 'at-once', receipts: [] };
  if (manner === 'failed') return { digits: null, does: '', answer: 'at-once', receipts: [failed(code)] };
  return Object.hasOwn(outcomes, name) ? outcomes[name as NamedOutcome] : outcomes.accepted;
};

/** A reserved number of a person whose number webhooks do not show: +1 xxx 555 0140. */
export const reservedIdentity = (number: string) => {
  const hidesNumber = /^1\d{3}5550140$/.test(number);
  return {
    userId: hidesNumber ? `US.5550140${number.slice(1, 4)}` : null,
    username: hidesNumber ? `reserved.${number.slice(1, 4)}` : null,
    hidesNumber,
  };
};
