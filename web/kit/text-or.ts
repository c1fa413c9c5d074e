// Texts that the app may not have: codes come from the server or from WhatsApp, and only some have words here.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** The groups of texts by code. */
type Group =
  | 'advice'
  | 'campaigns.approval.field'
  | 'campaigns.leftOut'
  | 'overview.cost.category'
  | 'composer.reject'
  | 'cost.categories'
  | 'error.code'
  | 'imports.code'
  | 'inbox.failed'
  | 'inbox.line.why'
  | 'queue.error'
  | 'queue.reason'
  | 'queue.skipped'
  | 'selfCheck.first'
  | 'selfCheck.found'
  | 'templates.category'
  | 'templates.quality'
  | 'templates.reason'
  | 'templates.status';
type Key = `${Group}.${string}`;

interface Texts {
  /** The text of a key, or else the fallback. */
  tOr: (key: Key, fallback: string, values?: Record<string, unknown>) => string;
  has: (key: Key) => boolean;
}

/** Reads texts that may be missing. */
export function useTextOr(): Texts {
  const { t, i18n } = useTranslation();
  return useMemo(() => {
    // The types of `t` know the keys that exist, and no others.
    const read = t as unknown as (key: string, values?: Record<string, unknown>) => string;
    const has = (key: Key) => i18n.exists(key);
    return { tOr: (key, fallback, values) => (has(key) ? read(key, values) : fallback), has };
  }, [t, i18n]);
}
