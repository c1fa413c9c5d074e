// Media: files in, files out.

export { checkMedia } from './check.ts';
export { mediaErrors, refuse as refuseMedia } from './errors.ts';
export { adopt, type FileToKeep, giveUp, type KeepNeeds, type KeptFile, keepFile } from './keep-file.ts';
export { fileLinks } from './links.ts';
export { moveMedia } from './move.ts';
export { openPictures } from './pictures.ts';
export { mediaRoutes } from './routes.ts';
export { openSpool, type Spool } from './spool.ts';
export { findMedia, insertMedia, type MediaRow } from './store.ts';
export { mediaUpkeep, tidyMedia } from './upkeep.ts';
export { forgetHolders } from './upkeep-store.ts';
