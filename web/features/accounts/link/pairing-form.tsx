// For a phone without a camera, or a page on the same phone: a code to type in, made for one number.

import type { Account } from '@recado/client';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { showLink, startLink } from '../../../data/links.ts';
import { useForm } from '../../../kit/form.ts';

/** A number as people write it, without its spaces and signs. */
const plain = (phone: string) => phone.replaceAll(/[\s().-]/g, '').replace(/^00/, '+');

interface Props {
  account: Account;
  /** The risks are accepted with it: the first link of the account. */
  accepts: boolean;
  onAsked: (method: 'pairing_code') => void;
  onClose: () => void;
}

export function PairingForm({ account, accepts, onAsked, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { form, input, errors, busy } = useForm({
    start: { phone: account.phone ?? '' },
    check: ({ phone }) => (/^\+[1-9]\d{6,14}$/.test(plain(phone)) ? {} : { phone: t('link.pairing.wrong') }),
    async send({ phone }) {
      const link = await startLink({
        id: account.id,
        method: 'pairing_code',
        phone: plain(phone),
        ...(accepts && { accept_risks: true }),
      });
      onAsked('pairing_code');
      onClose();
      showLink(client, account.id, link);
    },
  });
  return (
    <form {...form} className="grid gap-3 rounded-card border border-border p-4">
      <Field label={t('link.pairing.phone')} hint={t('link.pairing.hint')} error={errors.phone ?? errors.form}>
        <Input
          {...input('phone')}
          type="tel"
          inputMode="tel"
          autoComplete="off"
          autoFocus
          dir="ltr"
          className="num max-w-72"
        />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button kind="line" type="submit" busy={busy}>
          {t('link.pairing.action')}
        </Button>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
      </div>
    </form>
  );
}
