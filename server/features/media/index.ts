// Media: files in, files out.
export { checkMedia } from './check.ts';
export { mediaErrors } from './errors.ts';
export type { KeepNeeds } from './keep-file.ts';
export { fileLinks } from './links.ts';
export { moveMedia } from './move.ts';
export { openPictures } from './pictures.ts';
export { mediaRoutes } from './routes.ts';
export { openSpool } from './spool.ts';
export { mediaUpkeep } from './upkeep.ts';
export { forgetHolders } from './upkeep-store.ts';
