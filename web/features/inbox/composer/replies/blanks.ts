// Variables in a text that nothing stands for: they are marked, and Send asks first.
import { replyParts, replyVariables } from '@recado/contract';

export interface Blank {
  variable: string;
  /** As it is written. */
  text: string;
  start: number;
}

const isVariable = (name: string) =>
  (replyVariables as readonly string[]).includes(name) || /^field\.[a-z][a-z0-9_]*$/.test(name);

/** The variables that are left in a text. */
export function blanksIn(text: string): Blank[] {
  if (!text.includes('{{')) return [];
  let start = 0;
  return replyParts(text).flatMap(part => {
    const at = start;
    start += part.text.length;
    return 'variable' in part && isVariable(part.variable)
      ? [{ variable: part.variable, text: part.text, start: at }]
      : [];
  });
}
