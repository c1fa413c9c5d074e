// Media: files in, files out.
export { mediaErrors, refuse as refuseMedia } from './errors.ts';
export { adopt, type FileToKeep, giveUp, type KeepNeeds, type KeptFile, keepFile } from './keep-file.ts';
export { openSpool, type Spool } from './spool.ts';
export { findMedia, insertMedia, type MediaRow } from './store.ts';
