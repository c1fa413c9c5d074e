// Backups: when they were made and proven, and the schedule that makes and proves them.
export { type BackupWork, backupRound } from './round.ts';
export { fileNameAt, timeOfName } from './schedule.ts';
export { deleteOldRuns, insertRun, type LastRuns, lastRuns, type RunKind, type RunResult } from './store.ts';
