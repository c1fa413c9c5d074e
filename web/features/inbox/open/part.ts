// Loads the open conversation beside the list: the first load is the list alone.
import { lazyPart } from '../../../kit/lazy.ts';

export const OpenConversation = lazyPart(() => import('./conversation.tsx'), 'OpenConversation');
