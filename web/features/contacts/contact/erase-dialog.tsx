import type { Contact } from '@recado/client';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { eraseContact } from '../../../data/contacts.ts';
import { useAction } from '../../../kit/use-action.ts';

/** Erases a person only when their name is typed. */
export function EraseDialog({ contact, name, onClose }: { contact: Contact; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const erase = useAction({
    ...eraseContact,
    done: t('contacts.erase.done', { name }),
    onDone: () => void navigate({ to: '/contacts', replace: true }),
  });
  // A number is typed without the spaces that do not break.
  const same = (text: string) => text.replaceAll(/\s/g, '');
  const isTyped = same(typed) === same(name);
  return (
    <ConfirmDialog
      title={t('contacts.erase.title', { name })}
      keep={t('contacts.erase.keep')}
      confirm={t('contacts.erase.action')}
      busy={erase.isPending}
      impossible={isTyped ? undefined : t('contacts.erase.type', { name })}
      onConfirm={() => erase.mutate(contact.id)}
      onClose={onClose}
    >
      <p>{t('contacts.erase.words')}</p>
      <Field label={t('contacts.erase.type', { name })}>
        <Input autoFocus autoComplete="off" value={typed} onChange={({ target }) => setTyped(target.value)} />
      </Field>
    </ConfirmDialog>
  );
}
