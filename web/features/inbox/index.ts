// What other features use of the inbox.
export { countUnsent, forgetUnsent } from './composer/unsent.ts';
export { DrawnPhone } from './phone/drawn-phone.tsx';
export { openWindow } from './phone/open-window.ts';
export { inboxSearch } from './search.ts';
export { MessageView } from './thread/message-view.tsx';
