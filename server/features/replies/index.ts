// Saved replies: texts that people write often, with variables and files, of one caller or of the workspace.
export { replyErrors } from './errors.ts';
export { savedReplyRoutes } from './routes.ts';
