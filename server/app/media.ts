// Opens the media service: stores, spool, image processing and voice notes.
import { join } from 'node:path';
import type { ChannelName } from '@recado/contract';
import { mediaLimits } from '../adapters/channels/whatsapp-cloud/index.ts';
import { mediaLimits as webMediaLimits } from '../adapters/channels/whatsapp-web/index.ts';
import {
  endHolds,
  isInUse,
  type MediaMaintenance,
  type MediaService,
  mediaMaintenance,
  openPictures,
  openSpool,
  openVoiceNotes,
  takenByAny,
} from '../features/media/index.ts';
import { needsMedia } from '../features/messages/index.ts';
import { StartError } from '../kit/start-error.ts';
import { findProgram } from './config/find-program.ts';
import type { AppContext } from './context.ts';
import { openStores } from './storage.ts';

/** All channels that accounts may have, whether or not this process serves them. */
const limitsOf: Record<ChannelName, MediaService['limits']> = {
  sandbox: mediaLimits,
  cloud: mediaLimits,
  web: webMediaLimits,
};

export interface MediaParts {
  mediaService: MediaService;
  maintenance: MediaMaintenance;
}

/** Opens the media service. Close it after everything that uses it. */
export async function openMedia(context: AppContext): Promise<MediaParts> {
  const { config, overrides, engineDb, foundation, clock, log, closers } = context;
  const stores = await openStores(config, store => isInUse(engineDb, store));
  closers.push(stores.close);
  const spoolFolder = join(config.dataDir, 'media-spool');
  const spool = await openSpool(spoolFolder, foundation.storage?.isFullNow).catch((error: unknown) => {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new StartError(
      `The folder ${spoolFolder} for incoming files cannot be used (${error.message}): make it writable for the user who starts Recado, or choose another place with DATA_DIR.`,
    );
  });
  const pictures = openPictures({ clock, log });
  closers.push(async () => pictures.close());
  const { maxFileBytes, quotaBytes, ffmpegPath } = config.media;
  const find = (name: string) => findProgram(name, config.programFolders);
  const voices = openVoiceNotes({
    ffmpeg: ffmpegPath === 'none' ? undefined : (ffmpegPath ?? find('ffmpeg')),
    prlimit: find('prlimit'),
    spool,
    clock,
    log,
    deadlineMs: overrides.voiceDeadlineMs,
  });
  const limits = takenByAny(Object.values(limitsOf));
  const mediaService: MediaService = {
    engineDb,
    clock,
    stores,
    spool,
    pictures,
    voices,
    limits,
    maxFileBytes,
    quotaBytes,
  };
  if (foundation.alone) await endHolds(engineDb);
  const maintenance = mediaMaintenance({ ...mediaService, isNeeded: needsMedia }, log);
  closers.push(maintenance.close);
  return { mediaService, maintenance };
}
