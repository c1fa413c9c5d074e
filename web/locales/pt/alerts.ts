import type { AlertWords } from '../words.ts';
import alerts from './alerts.json';

export const texts = alerts satisfies AlertWords;
