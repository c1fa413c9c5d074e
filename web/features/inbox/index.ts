// What other features use of the inbox.

export { ReplyText } from './composer/replies/reply-text.tsx';
export { useVariableName } from './composer/replies/words.ts';
export { HeaderFileField } from './composer/templates/header-file.tsx';
export { choicesOf, isSendable } from './composer/templates/template-list.tsx';
export { useDayWords } from './days.ts';
export { FileList } from './details/files.tsx';
export { useSentStrip } from './details/sent-strip.tsx';
export { ViewerSlot } from './media/viewer-slot.tsx';
export { useContactName } from './names.ts';
export { DrawnPhone } from './phone/drawn-phone.tsx';
export { openWindow } from './phone/open-window.ts';
export { MessageView } from './thread/message-view.tsx';
