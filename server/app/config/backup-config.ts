// The settings of scheduled backups.
import { isAbsolute } from 'node:path';
import { z } from 'zod';

const number = (least: number, most: number, usual: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most))
    .default(usual)
    .describe(`must be a number from ${least} to ${most}`);

export const backupVariables = {
  BACKUP_DIR: z
    .string()
    .refine(path => isAbsolute(path))
    .optional()
    .describe('must be an absolute path, like /var/backups/recado'),
  BACKUP_HOUR: number(0, 23, 3),
  BACKUP_MEDIA: z.enum(['on', 'off']).default('on').describe('must be on or off'),
  BACKUP_KEEP_DAYS: number(1, 3_650, 14),
  BACKUP_PROOF_DAYS: number(0, 365, 7),
};

type Read = z.output<z.ZodObject<typeof backupVariables>>;

/** Scheduled backups. */
export interface BackupConfig {
  folder: string;
  /** In UTC. */
  hour: number;
  media: boolean;
  keepDays: number;
  /** 0: no proofs. */
  proofDays: number;
}

/** Undefined without a folder: nothing is scheduled. */
export const toBackupConfig = (read: Read): BackupConfig | undefined =>
  read.BACKUP_DIR === undefined
    ? undefined
    : {
        folder: read.BACKUP_DIR,
        hour: read.BACKUP_HOUR,
        media: read.BACKUP_MEDIA === 'on',
        keepDays: read.BACKUP_KEEP_DAYS,
        proofDays: read.BACKUP_PROOF_DAYS,
      };
