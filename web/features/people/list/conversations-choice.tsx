// Which conversations a person reads.
import { type ConversationLimit, conversationLimits } from '@recado/contract';
import { useTranslation } from 'react-i18next';
import { Field, Select } from '../../../components/field.tsx';

interface Props {
  value: ConversationLimit;
  onChange: (value: ConversationLimit) => void;
}

export function ConversationsChoice({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Field label={t('people.conversations.label')} hint={t(`people.conversations.hint.${value}`)}>
      <Select value={value} onChange={event => onChange(event.target.value as ConversationLimit)}>
        {conversationLimits.map(each => (
          <option key={each} value={each}>
            {t(`people.conversations.${each}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
