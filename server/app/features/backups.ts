import { backupRound, deleteOldRuns } from '../../features/backups/index.ts';
import { backupProcesses } from '../backup-process.ts';
import { DataDirInUse } from '../config/data-dir.ts';
import { removeProofDatabase } from '../database/proof-database.ts';
import { every, type Feature, hour, minute, type Process } from '../feature.ts';

const keptDays = 400;

export const backups: Feature = {
  sweeps(process) {
    const { engineDb, clock } = process.context;
    return [
      every(hour, process, () => deleteOldRuns(engineDb, new Date(clock.now() - keptDays * 24 * hour))),
      ...scheduled(process),
    ];
  },
};

/** A run takes minutes, so it goes on beside the sweeps, and ends with the program. */
function scheduled(process: Process) {
  const { config, engineDb: db, clock, log, runner } = process.context;
  const stopping = new AbortController();
  let running: Promise<void> = removeProofDatabase(config.dataDir, log).catch(error => {
    // A command proves a backup.
    if (!(error instanceof DataDirInUse)) log.warn({ err: error }, 'the rest of a proof could not be removed');
  });
  let busy = true;
  const free = () => {
    busy = false;
  };
  running = running.then(free);
  process.onStop(async () => {
    stopping.abort();
    await running;
  });
  const { backups: schedule } = config;
  if (!schedule) return [];
  const needs = { db, clock, log, runner, schedule, work: backupProcesses(config, log), signal: stopping.signal };
  return [
    every(minute, process, async () => {
      if (busy) return true;
      const run = await backupRound(needs);
      if (!run) return;
      busy = true;
      running = run()
        .catch(error => log.warn({ err: error }, 'the end of a backup could not be recorded'))
        .then(free);
    }),
  ];
}
