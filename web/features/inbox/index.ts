// What other features use of the inbox.
export { HeaderFileField } from './composer/templates/header-file.tsx';
export { DrawnPhone } from './phone/drawn-phone.tsx';
export { openWindow } from './phone/open-window.ts';
export { MessageView } from './thread/message-view.tsx';
