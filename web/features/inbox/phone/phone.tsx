// Beside the thread of a Sandbox account: the person's phone, and numbers that fail on purpose.
import type { Account, Conversation } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { useMay, useSeesNumbers } from '../../../data/me.ts';
import { useContactName } from '../names.ts';
import { DrawnPhone } from './drawn-phone.tsx';
import { Failures } from './failures.tsx';
import { PhoneControls } from './phone-controls.tsx';

export function Phone({ conversation, account }: { conversation: Conversation; account: Account }) {
  const { t } = useTranslation();
  const mayWrite = useMay('messages.create');
  const name = useContactName()(conversation.contact);
  const seesNumbers = useSeesNumbers();
  const { phone } = conversation.contact;
  if (phone === null) return <p className="px-6 py-12 text-center text-muted">{t('phone.hidden')}</p>;
  // The addresses of phones and of test numbers have whole numbers in them.
  if (!seesNumbers) return <p className="px-6 py-12 text-center text-muted">{t('phone.masked')}</p>;
  return (
    <div className="grid gap-4 px-4 py-5">
      <DrawnPhone accountId={account.id} accountName={account.name} number={phone} name={name} />
      {mayWrite && <PhoneControls place={{ accountId: account.id, number: phone }} />}
      {mayWrite && <Failures account={account} />}
    </div>
  );
}
