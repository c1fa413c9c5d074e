// What the person can press below a message: buttons, the rows of a list, or a link.

import type { PhoneMessage } from '@recado/client';
import { Check, ExternalLink, List } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, buttonLook } from '../../../components/button.tsx';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import { type PhonePlace, writeOnPhone } from '../../../data/phones.ts';
import { cx } from '../../../kit/class-names.ts';
import { useAction } from '../../../kit/use-action.ts';

interface Props {
  message: PhoneMessage;
  place: PhonePlace;
  mayPress: boolean;
}

export function PhoneChoices({ message, place, mayPress }: Props) {
  const { t } = useTranslation();
  const { id: message_id, choices, link } = message;
  const { mutate: write, isPending } = useAction(writeOnPhone);
  const press = (id: string) => write({ place, body: { type: 'choice', choice: { message_id, id } } });
  const chosen = choices?.chosen ?? null;
  const why = mayPress ? (chosen === null ? undefined : t('phone.chosen', { title: chosen })) : t('phone.mayNot');
  return (
    <>
      {link && /^https?:/.test(link.url) && (
        <a href={link.url} target="_blank" rel="noreferrer" className={cx(buttonLook('line', 'small'), 'min-w-0')}>
          <ExternalLink size={14} aria-hidden="true" />
          <bdi className="cut">{link.title}</bdi>
        </a>
      )}
      {choices?.kind === 'buttons' &&
        choices.options.map(option => (
          <Button
            key={option.id}
            kind="line"
            size="small"
            impossible={why}
            busy={isPending}
            onClick={() => press(option.id)}
          >
            {chosen === option.title && <Check size={14} aria-hidden="true" />}
            <bdi className="cut">{option.title}</bdi>
          </Button>
        ))}
      {choices?.kind === 'list' &&
        (why === undefined ? (
          <Menu
            label={choices.title ?? t('phone.list')}
            trigger={
              <Button kind="line" size="small" icon={List}>
                <bdi className="cut">{choices.title ?? t('phone.list')}</bdi>
              </Button>
            }
          >
            {choices.options.map(option => (
              <MenuItem key={option.id} onSelect={() => press(option.id)} end={option.description}>
                <bdi>{option.title}</bdi>
              </MenuItem>
            ))}
          </Menu>
        ) : (
          <Button kind="line" size="small" icon={List} impossible={why}>
            <bdi className="cut">{choices.title ?? t('phone.list')}</bdi>
          </Button>
        ))}
    </>
  );
}
