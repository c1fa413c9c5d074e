// Media: files in, files out.

export { forgetOldUploads } from './channel-upload-store.ts';
export { type ChannelUploads, channelUploads, openContent } from './channel-uploads.ts';
export { checkMedia } from './check.ts';
export { mediaErrors, refuse as refuseMedia } from './errors.ts';
export { fetchLane } from './fetch-lane.ts';
export { fetchRoutes } from './fetch-routes.ts';
export { insertReceived } from './fetch-store.ts';
export { adopt, type FileToKeep, giveUp, type KeepNeeds, type KeptFile, keepFile } from './keep-file.ts';
export { fileLinks } from './links.ts';
export { moveMedia } from './move.ts';
export { openPictures } from './pictures.ts';
export { mediaRoutes } from './routes.ts';
export { openSpool, type Spool } from './spool.ts';
export { findMedia, insertMedia, type MediaRow } from './store.ts';
export { mediaUpkeep, tidyMedia } from './upkeep.ts';
export { forgetHolders } from './upkeep-store.ts';
