// Search in the text of messages and notes, by an index that a sweep keeps where a workspace has it on.
export { searchErrors } from './errors.ts';
export { keepTexts } from './keep-texts.ts';
export { searchRoutes } from './routes.ts';
export { searchSettingRoutes } from './setting-routes.ts';
