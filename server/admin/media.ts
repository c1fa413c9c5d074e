// `npx recado media check` and `npx recado media move`: the files of messages against their database rows.
import { join } from 'node:path';
import type { Config } from '../app/config/config.ts';
import type { Foundation } from '../app/database/open.ts';
import { joinFoundation } from '../app/database/open.ts';
import { type OpenedStores, openStores } from '../app/storage.ts';
import { type CheckResult, checkMedia, findMissing, isInUse, moveMedia, openSpool } from '../features/media/index.ts';
import { openDatabase } from '../kit/db/database.ts';
import { openLog } from '../kit/log.ts';
import { realClock } from '../kit/time.ts';
import { CommandError } from './command-error.ts';
import { sizeOf } from './progress.ts';

const everyMs = 2_000;

export interface MediaCommand {
  what: 'check' | 'move';
  repair: boolean;
  force: boolean;
  foreign: boolean;
  to: string | undefined;
}

/** Runs the command and returns its final sentence. @throws CommandError, StartError */
export async function mediaCommand(
  config: Config,
  { what, repair, force, foreign, to }: MediaCommand,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const foundation = await joinFoundation(config, { info: tell, warn: tell }, signal);
  const { connection } = foundation;
  const engineDb = openDatabase({ connection, role: 'recado_engine', name: 'recado media', max: 2 }, openLog('silent'));
  let stores: OpenedStores | undefined;
  try {
    stores = await openStores(config, store => isInUse(engineDb, store));
    const needs = { engineDb, stores, clock: realClock, spool: await openSpool(join(config.dataDir, 'media-spool')) };
    let spokeAt = performance.now();
    const now = (line: () => string) => {
      if (performance.now() - spokeAt < everyMs) return;
      spokeAt = performance.now();
      tell(line());
    };
    if (what === 'check') {
      const progress = (verb: string, done: number, of: number | undefined) =>
        now(() => `${verb}: ${done}${of === undefined ? '' : ` of ${of}`}`);
      const options = { stores: stores.names, repair, force, foreign, tell, progress, signal };
      return sentenceOf(await checkMedia(needs, options), options);
    }
    if (to === undefined || !stores.names.some(name => name === to))
      throw new CommandError(`Name a configured store with --to: ${stores.names.join(', ')}.`);
    const { moved, bytes, failed, left } = await moveMedia(needs, {
      to,
      tell,
      progress: (done, all) =>
        now(() => `moved: ${done.files} of ${all.count}, ${sizeOf(done.bytes)} of ${sizeOf(all.bytes)}`),
      signal,
    });
    if (to !== stores.current)
      tell(`New files still go to ${stores.current}: set MEDIA_STORE=${to} and restart Recado.`);
    const sentence = `${moved} files moved to ${to}, ${sizeOf(bytes)}`;
    const troubles = [
      failed > 0 && `; ${failed} could not be moved`,
      left > 0 &&
        `; ${left} were copied but not deleted from their old store. Only npx recado media check --repair deletes them, after an hour; not even an erasure does`,
    ].filter(part => part !== false);
    if (troubles.length > 0) throw new CommandError(`${sentence}${troubles.join('')}.`);
    return `${sentence}.`;
  } finally {
    await stores?.close();
    await engineDb.close();
    await foundation.close();
  }
}

/** Opens the stores that the rows of a database use, for reading. @throws StartError */
export async function openUsedStores(
  config: Config,
  { connection }: Pick<Foundation, 'connection'>,
): Promise<OpenedStores> {
  const db = openDatabase({ connection, role: 'recado_engine', name: 'recado media', max: 1 }, openLog('silent'));
  try {
    const stores = await openStores(config, store => isInUse(db, store));
    // Ask now: stores other than the current one open when they are first needed.
    if (await isInUse(db, 'disk')) await stores.open('disk');
    return stores;
  } finally {
    await db.close();
  }
}

/** @throws CommandError if something is left to repair */
function sentenceOf(result: CheckResult, { repair, foreign }: Pick<MediaCommand, 'repair' | 'foreign'>): string {
  const { contents, lost, knownLost, found, strays, unused, leftovers, failed, refused } = result;
  // Known losses are not news, and only the file itself could repair them.
  const bad = lost - knownLost + found + strays + unused + (foreign ? result.foreign : 0);
  const counts = [
    `${contents} contents`,
    `${lost} lost${knownLost > 0 ? ` (${knownLost} known)` : ''}`,
    found > 0 && `${found} found elsewhere or again`,
    `${strays} strays`,
    result.foreign > 0 && `${result.foreign} of workspaces that this database does not know`,
    `${unused} not needed`,
    repair && `${leftovers} leftovers removed`,
  ]
    .filter(part => part !== false)
    .join(', ');
  if (refused !== undefined) throw new CommandError(`${counts}. ${refused}`);
  if (failed > 0) throw new CommandError(`${counts}; ${failed} could not be deleted.`);
  if (bad > 0 && !repair) throw new CommandError(`${counts}. Run it with --repair to fix this.`);
  const left =
    result.foreign > 0 && !foreign
      ? ' Files of unknown workspaces may belong to another Recado that shares the store; --repair --foreign deletes them.'
      : '';
  return `${counts}${bad > 0 ? '; mended' : ''}.${left}`;
}

/** After a restore: which media contents are missing, and what to do; undefined if no rows name files. */
export async function sayMissing(
  { connection }: Pick<Foundation, 'connection'>,
  stores: OpenedStores,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<{ said: string; good: boolean } | undefined> {
  const db = openDatabase({ connection, role: 'recado_engine', name: 'recado media', max: 2 }, openLog('silent'));
  let spokeAt = performance.now();
  const progress = (done: number, of: number) => {
    if (performance.now() - spokeAt < everyMs) return;
    spokeAt = performance.now();
    tell(`checked media contents: ${done} of ${of}`);
  };
  try {
    const { contents, missing, bytes, unset } = await findMissing(db, stores, { progress, signal });
    if (contents === 0) return undefined;
    if (missing === 0) return { said: `All ${contents} media contents are in their stores.`, good: true };
    const others = [...unset]
      .map(([name, count]) => `; ${count} of them were in ${name}, which is not configured`)
      .join('');
    const said = `${missing} of ${contents} media contents, ${sizeOf(bytes)}, are not in their stores${others}. Copy DATA_DIR/media or the bucket of the original Recado into the same kind of store here, with unchanged names. For another kind of store, restore a backup taken with --media. Then npx recado media check lists what is still missing. With --repair (and --force if it is much) it marks those files as lost.`;
    return { said, good: false };
  } catch (error) {
    // The restore is complete, whatever this check finds.
    const why = signal.aborted ? 'stopped.' : error instanceof Error ? error.message : String(error);
    return {
      said: `The media contents could not be checked: ${why} Run npx recado media check.`,
      good: false,
    };
  } finally {
    await db.close();
  }
}
