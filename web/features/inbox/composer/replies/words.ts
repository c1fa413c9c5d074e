// Variables of saved replies in words.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fieldsQuery } from '../../../../data/contact-fields.ts';

/** What a variable is called: a field by its name. */
export function useVariableName(): (variable: string) => string {
  const { t } = useTranslation();
  const fields = useQuery(fieldsQuery).data ?? [];
  return variable => {
    if (variable === 'contact.name') return t('composer.reply.variable.name');
    if (variable === 'contact.first_name') return t('composer.reply.variable.firstName');
    if (variable === 'agent.name') return t('composer.reply.variable.agent');
    if (variable === 'account.name') return t('composer.reply.variable.account');
    return fields.find(({ key }) => `field.${key}` === variable)?.name ?? variable;
  };
}
