// Media: files in, files out. What stores promise is handed on to the commands.
export { StorageError, type Stores, storageKey } from '../../ports/storage.ts';
export { findMissing, type Placed, placeContents, readStored } from './carry-contents.ts';
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
export { mediaUpkeep } from './upkeep.ts';
export { countContents, forgetHolders } from './upkeep-store.ts';
