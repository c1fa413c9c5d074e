import type { NotificationWords } from '../words.ts';
import notifications from './notifications.json';

export const texts = notifications satisfies NotificationWords;
