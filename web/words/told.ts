// A notification in words: what happened, and what is shown outside of the app.
import type { Notification } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../kit/format.ts';

export function useToldWords() {
  const { t } = useTranslation();
  const { number } = useFormat();

  /** What happened, without who it is about. */
  function says({ kind, count, by }: Notification): string {
    switch (kind) {
      case 'message':
        return t('told.message', { count, number: number(count) });
      case 'assigned':
        return by ? t('told.assignedBy', { name: by.name }) : t('told.assigned');
      case 'mention':
      case 'handed_over':
        return t(`told.${kind}`, { name: by?.name ?? t('told.somebody') });
      default:
        return t(`told.${kind}`);
    }
  }

  return {
    says,
    /** Who or what it is about. */
    about: ({ conversation, alert }: Notification): string => alert?.title ?? conversation?.name ?? t('told.somebody'),
    /** What the browser shows where others may see it. */
    outside(told: Notification, content: 'text' | 'name' | 'nothing'): { title: string; body: string } {
      if (content === 'nothing') return { title: t('told.hidden'), body: t('told.hiddenWords') };
      const title = told.alert?.title ?? told.conversation?.name ?? t('told.somebody');
      const isMessage = told.kind === 'message' || told.kind === 'followed';
      const text = content === 'text' && isMessage && told.count === 1 ? told.text : null;
      return { title, body: text ?? says(told) };
    },
  };
}
