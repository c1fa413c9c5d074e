// The statistics of the whole queue of a workspace.
import { z } from 'zod';

const seconds = (which: string) =>
  z
    .number()
    .nullable()
    .meta({ description: `${which}. Null if there was no call.` });

/** What the workers do for an account: send, apply what the channel reports, tell it what was read, fetch files. */
export const laneKinds = ['send', 'receive', 'read', 'fetch'] as const;
export type LaneKind = (typeof laneKinds)[number];

export const workspaceQueueSchema = z
  .strictObject({
    waiting: z.number().int().meta({ description: 'Messages that are scheduled or queued.' }),
    active: z.number().int().meta({ description: 'Messages with an attempt in flight.' }),
    unknown: z.number().int().meta({ description: 'Messages with an unknown outcome.' }),
    completed: z
      .number()
      .int()
      .meta({ description: 'Outbound messages of the last 24 hours that the channel accepted, to ten minutes.' }),
    failed: z
      .number()
      .int()
      .meta({ description: 'Outbound messages of the last 24 hours that failed, to ten minutes.' }),
    calls_per_minute: z.number().meta({ description: 'Calls to the channel per minute, over the last five minutes.' }),
    wait_seconds: z.strictObject({ p50: seconds('The median'), p95: seconds('The 95th percentile') }).meta({
      description:
        'Time from acceptance, or from `send_at`, to the first call. It uses the newest calls of the last hour.',
    }),
    workers: z.number().int().meta({ description: 'Workers with a heartbeat in the last ten seconds.' }),
    lanes: z
      .array(
        z.strictObject({
          kind: z.enum(laneKinds).meta({
            description: 'Send messages, apply what the channel reports, tell it what was read, fetch files.',
          }),
          due: z.number().int().meta({ description: 'Lanes of the workspace with due work.' }),
          workers: z.number().int().meta({ description: 'Workers that serve this kind of lane.' }),
          problem: z.string().nullable().meta({ description: 'Human-readable: what is wrong. Null if nothing is.' }),
        }),
      )
      .meta({ description: 'The lanes by kind.' }),
  })
  .meta({ id: 'Queue' });

export type WorkspaceQueue = z.infer<typeof workspaceQueueSchema>;
