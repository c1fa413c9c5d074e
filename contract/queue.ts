// The figures of the whole queue of a workspace.
import { z } from 'zod';

const seconds = (which: string) =>
  z
    .number()
    .nullable()
    .meta({ description: `${which}; null where there was none.` });

/** What the workers do for an account: send, apply what the channel reports, tell it what was read, fetch files. */
export const laneKinds = ['send', 'receive', 'read', 'fetch'] as const;
export type LaneKind = (typeof laneKinds)[number];

export const workspaceQueueSchema = z
  .strictObject({
    waiting: z.number().int().meta({ description: 'Scheduled or queued.' }),
    active: z.number().int().meta({ description: 'Being sent at this moment.' }),
    unknown: z.number().int().meta({ description: 'Sent without a word about what came of it.' }),
    completed: z
      .number()
      .int()
      .meta({ description: 'Outbound messages of the last 24 hours, to ten minutes, that the channel took.' }),
    failed: z
      .number()
      .int()
      .meta({ description: 'Outbound messages of the last 24 hours, to ten minutes, that failed.' }),
    calls_per_minute: z.number().meta({ description: 'Calls to the channel, over the last five minutes.' }),
    wait_seconds: z.strictObject({ p50: seconds('Half of them'), p95: seconds('95 of 100') }).meta({
      description:
        'From acceptance, or the time that was asked for, to the first call; of the newest calls of the last hour: some 2,000, and of each account at least 20.',
    }),
    workers: z.number().int().meta({ description: 'Workers that have given a sign of life in the last ten seconds.' }),
    lanes: z
      .array(
        z.strictObject({
          kind: z.enum(laneKinds).meta({
            description: 'Send messages, apply what the channel reports, tell it what was read, fetch files.',
          }),
          due: z.number().int().meta({ description: 'Lanes of the workspace’s accounts that have due work.' }),
          workers: z.number().int().meta({ description: 'Workers that serve it.' }),
          problem: z.string().nullable().meta({ description: 'What is wrong with it, for people.' }),
        }),
      )
      .meta({ description: 'What the workers do, by kind.' }),
  })
  .meta({ id: 'Queue' });

export type WorkspaceQueue = z.infer<typeof workspaceQueueSchema>;
