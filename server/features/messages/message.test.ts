// The response to an accepted message: the same bytes as in lists, until the message changes.
import type { MessageType, WarningCode } from '@recado/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MessageRow, present, presentAccepted } from './message.ts';

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const time = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });

const accepted = fc.record({
  id: fc.uuid(),
  workspace_id: fc.uuid(),
  account_id: fc.uuid(),
  conversation_id: fc.uuid(),
  contact_id: fc.uuid(),
  address: fc.constantFrom('+33612000000', 'hidden:1'),
  account_phone: fc.constant('+33600000000'),
  type: fc.constantFrom<MessageType>('text', 'image', 'sticker', 'reaction'),
  content: fc.dictionary(fc.string(), fc.string()),
  context: fc.constantFrom(null, { id: 'wamid.0', message_id: 'msg_0' }),
  context_message_id: fc.constant(null),
  created_by: maybe(fc.record({ kind: fc.constantFrom('person', 'api_key'), id: fc.uuid(), name: fc.string() })),
  created_at: time,
  priority: fc.constantFrom(0, 1, 2),
  send_at: maybe(time),
  expires_at: maybe(time),
  batch_id: maybe(fc.uuid()),
  campaign_id: maybe(fc.uuid()),
  reference: maybe(fc.string()),
  metadata: maybe(fc.dictionary(fc.string(), fc.string())),
  warnings: fc.constantFrom<WarningCode[] | null>(null, ['window_may_close']),
});

const untouched = {
  seq: 1,
  direction: 'outbound',
  reactions: null,
  source: null,
  group_id: null,
  edited_at: null,
  versions: null,
  revoked_at: null,
  pricing: null,
  referral: null,
  channel_message_id: null,
  error_code: null,
  error_title: null,
  sent_at: null,
  delivered_at: null,
  read_at: null,
  failed_at: null,
  file: null,
} as const;

test('an accepted message is shown as lists show it, to the byte', () => {
  fc.assert(
    fc.property(accepted, row => {
      const status = row.send_at !== null && row.send_at > row.created_at ? 'scheduled' : 'queued';
      const whole: MessageRow = { ...row, ...untouched, status };
      expect(JSON.stringify(presentAccepted(row))).toBe(JSON.stringify(present(whole)));
    }),
  );
});

test('a replay returns the same bytes, in any later state of the message', () => {
  fc.assert(
    fc.property(accepted, time, (row, at) => {
      const later: MessageRow = {
        ...row,
        ...untouched,
        status: 'failed',
        channel_message_id: 'wamid.1',
        error_code: '1',
        error_title: 'No.',
        sent_at: at,
        failed_at: at,
      };
      expect(JSON.stringify(presentAccepted(later))).toBe(JSON.stringify(presentAccepted(row)));
    }),
  );
});
