// The permissions of a key in words, grouped by what they are about.
import { type KeyScope, keyScopes } from '@recado/contract';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../kit/format.ts';

/** The first part of a scope: `messages` of `messages.read`. */
export const scopeGroups = [...new Set(keyScopes.map(scope => scope.split('.')[0] ?? ''))];

export const scopesOf = (group: string): KeyScope[] => keyScopes.filter(scope => scope.startsWith(`${group}.`));

/** "send, read" for messages alone, otherwise "read contacts, …". */
export function useScopeWords(): (scopes: readonly KeyScope[]) => string {
  const { t } = useTranslation();
  const { list } = useFormat();
  return scopes =>
    scopes.length === keyScopes.length ? t('keys.all') : list(scopes.map(scope => t(`scope.${scope}`)));
}
