// What other features use of the pages before the login.
export { AuthFrame } from './frame.tsx';
