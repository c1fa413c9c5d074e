// Media: files in, files out.
export { forgetOldUploads } from './channel-upload-store.ts';
export { type ChannelUploads, channelUploads, openContent } from './channel-uploads.ts';
export { checkMedia } from './check.ts';
export { mediaErrors } from './errors.ts';
export { fetchLane } from './fetch-lane.ts';
export { fetchRoutes } from './fetch-routes.ts';
export { insertReceived } from './fetch-store.ts';
export type { KeepNeeds } from './keep-file.ts';
export { fileLinks } from './links.ts';
export { moveMedia } from './move.ts';
export { openPictures } from './pictures.ts';
export { mediaRoutes } from './routes.ts';
export { openSpool } from './spool.ts';
export { findMedia, removeFilesOf } from './store.ts';
export { type MediaUpkeep, mediaUpkeep } from './upkeep.ts';
export { forgetHolders } from './upkeep-store.ts';
