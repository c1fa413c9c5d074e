// Search in the text of messages and notes, by an index that a sweep keeps: on in new workspaces.
export { searchErrors } from './errors.ts';
export { turnOn } from './index-store.ts';
export { keepTexts } from './keep-texts.ts';
export { searchRoutes } from './routes.ts';
export { searchSettingRoutes } from './setting-routes.ts';
