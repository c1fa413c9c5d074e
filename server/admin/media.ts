// `npx recado media check` and `npx recado media move`: the files of messages against the rows that know them.
import { join } from 'node:path';
import type { Config } from '../app/config.ts';
import { joinFoundation } from '../app/foundation.ts';
import { openStores } from '../app/storage-of.ts';
import { checkMedia, moveMedia, openSpool } from '../features/media/index.ts';
import { openDatabase } from '../kit/db.ts';
import { openLog } from '../kit/log.ts';
import { realClock } from '../kit/time.ts';
import { CommandError } from './command-error.ts';
import { sizeOf } from './progress.ts';

const everyMs = 2_000;

export interface MediaCommand {
  what: 'check' | 'move';
  repair: boolean;
  to: string | undefined;
}

/** Does what is asked, and gives the sentence to end with. @throws CommandError, StartError */
export async function mediaCommand(
  config: Config,
  { what, repair, to }: MediaCommand,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const foundation = await joinFoundation(config, { info: tell, warn: tell });
  const { connection } = foundation;
  const engineDb = openDatabase({ connection, role: 'recado_engine', name: 'recado media', max: 2 }, openLog('silent'));
  const stores = await openStores(config);
  try {
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
      const found = await checkMedia(needs, { stores: stores.names, repair, tell, progress, signal });
      const { contents, lost, strays, unused, leftovers } = found;
      const bad = lost + strays + unused;
      const counts = `${contents} contents, ${lost} lost, ${strays} strays, ${unused} not needed${repair ? `, ${leftovers} leftovers removed` : ''}`;
      if (bad > 0 && !repair) throw new CommandError(`${counts}. With --repair this is mended.`);
      return `${counts}${bad > 0 ? '; mended' : ''}.`;
    }
    if (to === undefined || !stores.names.some(name => name === to))
      throw new CommandError(`Say where to with --to, one of: ${stores.names.join(', ')}. Others are not set.`);
    const { moved, bytes, failed } = await moveMedia(needs, {
      to,
      tell,
      progress: (done, all) =>
        now(() => `moved: ${done.files} of ${all.count}, ${sizeOf(done.bytes)} of ${sizeOf(all.bytes)}`),
      signal,
    });
    if (to !== stores.current)
      tell(`New files still go to ${stores.current}: set MEDIA_STORE=${to} and start Recado again.`);
    const sentence = `${moved} files moved to ${to}, ${sizeOf(bytes)}`;
    if (failed > 0) throw new CommandError(`${sentence}; ${failed} could not be moved.`);
    return `${sentence}.`;
  } finally {
    await stores.close();
    await engineDb.close();
    await foundation.close();
  }
}
