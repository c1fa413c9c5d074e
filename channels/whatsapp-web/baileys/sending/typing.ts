// How long a person would take to write a message.

/** A fast writer on a phone needs about this long for a character. */
const msPerCharacter = 45;
const shortestMs = 900;
/** Nobody watches longer, and the messages behind wait. */
const longestMs = 7000;

/** The text that a person would type, whatever the type of the message. */
const typedText = (content: unknown): string => {
  if (typeof content !== 'object' || content === null) return '';
  const { body, caption } = content as { body?: unknown; caption?: unknown };
  return typeof body === 'string' ? body : typeof caption === 'string' ? caption : '';
};

/**
 * The time in milliseconds for which to show typing before a message: longer for more text, never twice the same.
 * A reaction is a tap.
 * @param random a number from 0 to 1
 */
export const typingTime = (type: string, content: unknown, random: number): number => {
  if (type === 'reaction') return 0;
  const needed = shortestMs + [...typedText(content)].length * msPerCharacter;
  const varied = Math.min(needed, longestMs) * (0.7 + 0.6 * random);
  return Math.round(Math.min(Math.max(varied, shortestMs), longestMs));
};
