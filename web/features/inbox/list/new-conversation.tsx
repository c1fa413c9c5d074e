// Opens the dialog that begins a conversation.
import { SquarePen } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/button.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { lazyPart } from '../../../kit/lazy.ts';
import type { InboxPlace } from '../place.ts';
import { noView } from './views.ts';

const NewDialog = lazyPart(() => import('./new-dialog.tsx'), 'NewDialog');

export function NewConversation({ place }: { place: InboxPlace }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const accounts = useAccounts();
  if (accounts.length === 0) return null;
  const close = () => setOpen(false);
  const show = (id: string) => {
    close();
    void place.open(id, { ...noView, q: undefined });
  };
  return (
    <>
      <IconButton icon={SquarePen} label={t('inbox.new.label')} onClick={() => setOpen(true)} />
      {open && (
        <Suspense fallback={null}>
          <NewDialog accounts={accounts} start={place.search.account} onClose={close} onOpened={show} />
        </Suspense>
      )}
    </>
  );
}
