// Transcripts: a conversation as a file, with its messages and notes.
export { transcriptRoutes } from './routes.ts';
