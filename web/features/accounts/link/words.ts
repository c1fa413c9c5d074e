// The link of an account to its phone in words: what it is, why, and what to do.
import type { Link } from '@recado/client';
import { useTranslation } from 'react-i18next';

/** Whether there is a link to end: its phone may be unreachable or rejected now. */
export const isLinked = ({ state }: Link): boolean =>
  state === 'connected' || state === 'reconnecting' || state === 'banned' || state === 'outdated';

export interface LinkWords {
  /** What it is, as a title. */
  head: string;
  /** Why, and what to do. */
  text: string;
  /** The same where no title stands above it. */
  alone: string;
}

/** The server knows the reason in English only; in other languages a sentence of ours says what the state means. */
export function useLinkWords(): (link: Link, name: string) => LinkWords {
  const { t, i18n } = useTranslation();
  return ({ state, reason, cause }, name) => {
    const head = t(`link.head.${state}`, { name });
    const said = i18n.language.startsWith('en') ? reason : null;
    const ours = cause === null ? t(`link.text.${state}`) : t(`link.cause.${cause}`);
    const isRejected = state === 'banned' || state === 'outdated';
    return { head, text: said ?? ours, alone: said ?? (isRejected ? `${head}. ${ours}` : ours) };
  };
}
