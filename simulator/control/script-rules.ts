// The rules of calls that a script can add: to send, to move files.
import { z } from 'zod';
import type { FaultCall } from '../options.ts';
import { allows, createFaults } from './faults.ts';
import { type OutcomeName, outcomeNames } from './reserved-recipients.ts';
import { delay, number, times } from './script-fields.ts';

export const messageRule = z
  .strictObject({
    fault: z.enum(outcomeNames).optional(),
    code: z.number().int().min(0).max(9_999_999).optional(),
    as: z.enum(['error', 'status']).optional(),
    http: z.number().int().min(400).max(599).optional(),
    subcode: z.number().int().optional(),
    details: z.string().max(500).optional(),
    delay_ms: delay.optional(),
    message_status: z.enum(['held_for_quality_assessment', 'paused']).optional(),
    to: number.optional(),
    phone_number_id: z.string().optional(),
    type: z.string().optional(),
    times,
    skip: times,
  })
  .superRefine((rule, context) => {
    const { fault, code, delay_ms } = rule;
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (fault !== undefined && code !== undefined) issue('code', 'give either fault or code');
    if ([fault, code, delay_ms, rule.message_status].every(each => each === undefined))
      issue('fault', 'give fault, code, delay_ms or message_status');
    for (const name of ['as', 'http', 'subcode', 'details'] as const)
      if (rule[name] !== undefined && code === undefined) issue(name, 'needs code');
    for (const name of ['http', 'subcode'] as const)
      if (rule[name] !== undefined && rule.as === 'status') issue(name, 'is only for an error');
  });

export type MessageRule = z.infer<typeof messageRule>;

/** The outcome that a rule forces; null if it only delays. */
export const playedOutcome = ({ fault, code, as = 'error' }: Partial<MessageRule>): OutcomeName | null => {
  if (fault !== undefined) return fault;
  return code === undefined ? null : `${as === 'status' ? 'failed' : 'error'}-${code}`;
};

export const createMessageFaults = () =>
  createFaults<FaultCall, MessageRule>(
    (rule, call) =>
      allows(rule.to, `+${call.to}`) &&
      allows(rule.phone_number_id, call.phoneNumberId) &&
      allows(rule.type, call.type),
  );
