// The self-check: whether the parts of an installation work together, and what to do first where they do not.
import { z } from 'zod';
import { timeSchema } from './common.ts';

/** What is checked, in the order of the page. */
export const checkNames = [
  'database',
  'wakeups',
  'redis',
  'workers',
  'gateways',
  'storage',
  'disk',
  'clock',
  'public_address',
  'mail',
  'backup',
  'versions',
  'accounts',
] as const;
export type CheckName = (typeof checkNames)[number];

/** skipped: there is nothing to check. */
export const checkStates = ['ok', 'warning', 'failed', 'skipped'] as const;
export type CheckState = (typeof checkStates)[number];

export const checkSchema = z
  .strictObject({
    name: z.enum(checkNames).meta({ description: 'What was checked.' }),
    state: z.enum(checkStates).meta({ description: 'How it is. `skipped`: there is nothing to check.' }),
    code: z.string().meta({ description: 'What was found, for programs.', example: 'backup_old' }),
    message: z.string().meta({ description: 'Human-readable: what was found.' }),
    remedy: z.string().nullable().meta({ description: 'Human-readable: the first step. Null where nothing is to do.' }),
    detail: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .meta({ description: 'The figures and names of the message, depending on the code.' }),
    ms: z.number().int().meta({ description: 'How long the check took, in milliseconds.' }),
  })
  .meta({ id: 'Check' });
export type Check = z.infer<typeof checkSchema>;

export const selfCheckSchema = z
  .strictObject({
    state: z
      .enum(['never', 'running', 'ok', 'warning', 'failed'])
      .meta({ description: 'The worst state of the checks. `never`: nobody has run it yet.' }),
    began_at: timeSchema.nullable().meta({ description: 'When the run began.' }),
    ended_at: timeSchema.nullable().meta({ description: 'When the last check ended. Null until then.' }),
    by: z
      .strictObject({
        id: z.string().meta({ description: 'The id of the person or the API key.' }),
        name: z.string().nullable().meta({ description: 'The current name.' }),
      })
      .nullable()
      .meta({ description: 'Who ran it.' }),
    of: z.array(z.enum(checkNames)).meta({
      description:
        'The checks of a run, in a fixed order. The first workspace of the installation has all. Others check only their accounts.',
    }),
    checks: z.array(checkSchema).meta({ description: 'The checks that have ended, in a fixed order.' }),
  })
  .meta({ id: 'SelfCheck' });
export type SelfCheck = z.infer<typeof selfCheckSchema>;
