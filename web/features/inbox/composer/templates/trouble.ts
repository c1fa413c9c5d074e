// Whether the template of a saved reply can be sent from an account.
import type { Template } from '@recado/client';
import { useTranslation } from 'react-i18next';
import type { Offer } from '../replies/of-conversation.ts';
import { choicesOf, useStateWords } from './template-list.tsx';

/** Why the template cannot be sent; empty if it can. It looks among the templates of an account. */
export function useOfferTrouble(): (templates: readonly Template[], template: Offer['template']) => string {
  const { t } = useTranslation();
  const stateWords = useStateWords();
  return (templates, { name, language }) => {
    const choice = choicesOf(templates).find(each => each.name === name);
    const found = choice?.languages.find(each => each.language === language);
    return found ? stateWords(found) : t('composer.reply.missing', { language });
  };
}
