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
      case 'approval_rule':
        return t(`told.${kind}`, { name: by?.name ?? t('told.somebody') });
      default:
        return t(`told.${kind}`);
    }
  }

  /** The conversation, the alert, the campaign, or the rule. */
  const about = ({ kind, conversation, alert, campaign }: Notification): string =>
    kind === 'approval_rule'
      ? t('told.ruleTitle')
      : (alert?.title ?? campaign?.name ?? conversation?.name ?? t('told.somebody'));

  return {
    says,
    /** Who or what it is about. */
    about,
    /** What the browser shows where others may see it. */
    outside(told: Notification, content: 'text' | 'name' | 'nothing'): { title: string; body: string } {
      if (content === 'nothing') return { title: t('told.hidden'), body: t('told.hiddenWords') };
      const title = about(told);
      const isMessage = told.kind === 'message' || told.kind === 'followed';
      const text = content === 'text' && isMessage && told.count === 1 ? told.text : null;
      return { title, body: text ?? says(told) };
    },
  };
}
