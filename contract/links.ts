// The link of an account of WhatsApp Web to a phone: how it is made, what state it is in, and how it ends.
import { z } from 'zod';
import { requestObject, timeSchema } from './common.ts';

/** How a phone is linked: its camera reads a QR code, or a person types a code into it. */
export const linkMethods = ['qr', 'pairing_code'] as const;
export type LinkMethodName = (typeof linkMethods)[number];

/**
 * The state of a link:
 * - unlinked: there is no phone
 * - linking: a person can use a code
 * - connected: messages can be sent
 * - reconnecting: the connection is lost for now
 * - logged_out: the phone or WhatsApp ended the link
 * - banned: WhatsApp rejects the number
 * - outdated: WhatsApp rejects our version of WhatsApp Web
 * - failed: linking ended without a phone
 */
export const linkStates = [
  'unlinked',
  'linking',
  'connected',
  'reconnecting',
  'logged_out',
  'banned',
  'outdated',
  'failed',
] as const;
export type LinkState = (typeof linkStates)[number];

/**
 * Why a link is in its state, where a state can have several causes:
 * - passkey_required: the number needs a passkey to link a device, which Recado cannot give
 * - used_elsewhere: another program uses the same link
 * - phone_may_keep: WhatsApp did not hear of the end of the link
 * - unreachable: this machine does not reach WhatsApp
 */
export const linkCauses = ['passkey_required', 'used_elsewhere', 'phone_may_keep', 'unreachable'] as const;
export type LinkCause = (typeof linkCauses)[number];

export const linkCauseMeta = {
  description:
    'Machine-readable: the cause. passkey_required: WhatsApp demands a passkey to link this number; use the Cloud API. used_elsewhere: another program uses the same link. phone_may_keep: remove the device on the phone. unreachable: this machine does not reach WhatsApp. Null: another one, see `reason`.',
};

/** What a person accepts before the first link of an account. */
export const linkConsent =
  'WhatsApp does not allow unofficial programs, and Recado is one when it links a phone. WhatsApp can restrict or ban the number, at any volume and without a warning. Messages to people who do not expect them make that likely. WhatsApp changes its network without notice, so the link may stop working for days. Do not link a number that you cannot afford to lose. For bulk messages, use the Cloud API.';

/** A version of WhatsApp Web: 2.3000.1043857760. */
export const webVersionPattern = /^\d{1,4}\.\d{1,6}\.\d{1,12}$/;

const methodMeta = { description: 'qr: a QR code for the camera. pairing_code: eight characters to type in.' };

export const linkCodeSchema = z
  .strictObject({
    method: z.enum(linkMethods).meta(methodMeta),
    value: z.string().meta({ description: 'The text of the QR code, or the pairing code.' }),
    number: z.number().int().meta({ description: 'Which code of this attempt it is: 1, 2, 3 and so on.' }),
    of: z.number().int().meta({ description: 'How many codes there are before linking ends.' }),
    expires_at: timeSchema.meta({ description: 'When it stops working. A fresh code follows, unless it is the last.' }),
  })
  .meta({ id: 'LinkCode' });
export type LinkCode = z.infer<typeof linkCodeSchema>;

export const linkSchema = z
  .strictObject({
    state: z.enum(linkStates).meta({
      description:
        'linking: a person can use `code`. reconnecting: the connection is lost for now. logged_out: the phone or WhatsApp ended the link. banned: WhatsApp rejects the number. outdated: WhatsApp rejects this version of WhatsApp Web. failed: linking ended without a phone.',
    }),
    reason: z.string().nullable().meta({ description: 'Human-readable: why it is in this state, and what to do.' }),
    cause: z.enum(linkCauses).nullable().meta(linkCauseMeta),
    since: timeSchema.meta({ description: 'Since when it is in this state.' }),
    phone: z.string().nullable().meta({ description: 'The number of the linked phone. Null without one.' }),
    linked_at: timeSchema.nullable().meta({ description: 'When the phone was linked. Null without one.' }),
    consented_at: timeSchema.nullable().meta({ description: 'When somebody accepted the risks. Null: nobody did.' }),
    code: linkCodeSchema.nullable().meta({
      description:
        'The current code, while linking. Only `GET /api/v1/accounts/:id/link` shows it, to callers who may link. Null otherwise.',
    }),
    reconnects_at: timeSchema
      .nullable()
      .meta({ description: 'When Recado tries to connect again. Null: it does not.' }),
  })
  .meta({ id: 'Link' });
export type Link = z.infer<typeof linkSchema>;

export const startLinkBody = requestObject({
  method: z.enum(linkMethods, { error: 'Must be qr or pairing_code.' }).meta(methodMeta),
  phone: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, { error: 'Must be the number of the phone with + and country code.' })
    .optional()
    .meta({
      description: 'The number of the phone, with + and country code. Only for `pairing_code`, which needs it.',
      example: '+12025550123',
    }),
  accept_risks: z
    .literal(true, { error: 'Must be true, or absent.' })
    .optional()
    .meta({ description: 'Somebody has read the risks and accepts them. Needed once for each account.' }),
}).meta({ example: { method: 'qr', accept_risks: true } });
export type StartLink = z.infer<typeof startLinkBody>;
