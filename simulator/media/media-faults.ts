// Media faults that a test or a person can force.
import { z } from 'zod';
import { allows, createFaults } from '../control/faults.ts';
import { times } from '../control/script-fields.ts';

const steps = ['upload', 'describe', 'download', 'delete'] as const;
export type MediaStep = (typeof steps)[number];

/** The effect of each fault; the README's table has the same text. */
export const mediaFaults = {
  gone: 'the id is unknown (400 code 100, subcode 33), and the download returns 404',
  expired: 'the URL has expired, so the download returns 404',
  slow: 'the response begins after the delay `slow` (three seconds)',
  stalled: 'half of the bytes come, then nothing more until the caller gives up',
  cut: 'half of the bytes come, then the connection is cut; an upload is stored, without a response',
  'wrong-hash': 'one byte differs from the hash',
  'wrong-size': 'the reported size is one byte too large',
  forbidden: '403 code 10',
  'rate-limited': '400 code 130429',
  'server-error': '500 code 131000',
} as const;

export type MediaFaultName = keyof typeof mediaFaults;

/** What a fault switch sees of a call; the media id is null during an upload. */
export type MediaCall = { step: MediaStep; mediaId: string | null; phoneNumberId: string | null };

/** The fault to force for this call, if any. */
export type MediaFault = (call: MediaCall) => MediaFaultName | null | undefined;

const names = Object.keys(mediaFaults) as [MediaFaultName, ...MediaFaultName[]];

/** A rule of the control route: for one step or file or all, a number of times or until removed. */
export const mediaFaultRule = z.strictObject({
  fault: z.enum(names),
  step: z.enum(steps).optional(),
  media_id: z.string().optional(),
  times,
  skip: times,
});

export type MediaFaults = ReturnType<typeof createMediaFaults>;

export const createMediaFaults = () =>
  createFaults<MediaCall, z.infer<typeof mediaFaultRule>>(
    (rule, call) => allows(rule.step, call.step) && allows(rule.media_id, call.mediaId),
  );
