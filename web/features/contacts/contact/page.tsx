// One contact: the person, the messages in all accounts, and the actions.
import type { Contact } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { Combine, Download, Eraser, MessageSquare, Pencil } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { TabLinks, tabLook } from '../../../components/choose.tsx';
import { MenuItem, MenuRule } from '../../../components/menu.tsx';
import { Page } from '../../../components/page.tsx';
import { PageOfOne } from '../../../components/page-of-one.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { contactQuery, exportContact } from '../../../data/contacts.ts';
import { conversationsOfQuery } from '../../../data/conversations.ts';
import { useMay } from '../../../data/me.ts';
import { saveFile } from '../../../kit/save-file.ts';
import { useAction } from '../../../kit/use-action.ts';
import { FileList, useSentStrip, ViewerSlot } from '../../inbox/index.ts';
import { ContactOptOuts } from '../../opt-outs/index.ts';
import { useNameOf } from '../names.ts';
import { ConversationsPart } from './conversations-part.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { EraseDialog } from './erase-dialog.tsx';
import { FactsCard } from './facts-card.tsx';
import { HistoryPart } from './history-part.tsx';
import { MergeDialog } from './merge/dialog.tsx';
import { contactTabs } from './search.ts';
import { WriteDialog } from './write-dialog.tsx';

export function ContactPage() {
  const { t } = useTranslation();
  const { contactId } = useParams({ from: '/inside/contacts/$contactId' });
  const contact = useQuery(contactQuery(contactId));
  return (
    <PageOfOne
      query={contact}
      title={t('contacts.contact')}
      back={{ to: '/contacts', label: t('contacts.back') }}
      failed={t('contacts.oneFailed')}
    >
      {found => <Found contact={found} />}
    </PageOfOne>
  );
}

type Shown = 'edit' | 'erase' | 'merge' | 'write';

function Found({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const name = useNameOf()(contact);
  const mayManage = useMay('contacts.manage');
  const mayWrite = useMay('messages.create');
  const [shown, setShown] = useState<Shown>();
  const close = () => setShown(undefined);
  const example = {
    method: 'PATCH',
    path: `/api/v1/contacts/${contact.id}`,
    body: { language: 'pt_BR' },
    sdk: `await recado.contacts.update('${contact.id}', { language: 'pt_BR' });`,
  };
  const actions = (
    <>
      {mayManage && (
        <Button kind="line" icon={Pencil} onClick={() => setShown('edit')}>
          {t('contacts.edit')}
        </Button>
      )}
      {mayWrite && (
        <Button kind="primary" icon={MessageSquare} onClick={() => setShown('write')}>
          {t('contacts.write')}
        </Button>
      )}
      <MoreMenu contact={contact} name={name} onShow={setShown} />
    </>
  );
  return (
    <Page title={name} back={{ to: '/contacts', label: t('contacts.back') }} example={example} actions={actions}>
      <div className="grid items-start gap-4 md:gap-6 lg:grid-cols-12">
        <aside className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:col-span-4" aria-label={t('contacts.about')}>
          <FactsCard contact={contact} name={name} onEdit={mayManage ? () => setShown('edit') : undefined} />
          <ContactOptOuts
            contactId={contact.id}
            name={name}
            frame={({ title, children }) => (
              <Card>
                <CardHead title={title} />
                <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-3">{children}</CardBody>
              </Card>
            )}
          />
          <SentCard contactId={contact.id} />
        </aside>
        <Parts contact={contact} name={name} />
      </div>
      <ViewerSlot name={name} />
      {shown === 'edit' && <EditDialog contact={contact} onClose={close} />}
      {shown === 'erase' && <EraseDialog contact={contact} name={name} onClose={close} />}
      {shown === 'merge' && <MergeDialog contact={contact} name={name} onClose={close} />}
      {shown === 'write' && <WriteDialog contact={contact} name={name} onClose={close} />}
    </Page>
  );
}

function MoreMenu({ contact, name, onShow }: { contact: Contact; name: string; onShow: (shown: Shown) => void }) {
  const { t } = useTranslation();
  const mayManage = useMay('contacts.manage');
  const mayExport = useMay('contacts.export');
  const mayErase = useMay('contacts.erase');
  const save = useAction({
    act: exportContact,
    onDone: all => saveFile(`${contact.id}.json`, JSON.stringify(all, undefined, 2), 'application/json'),
  });
  if (!mayManage && !mayExport && !mayErase) return null;
  return (
    <RowMenu name={name} isLarge>
      {mayManage && (
        <MenuItem icon={Combine} onSelect={() => onShow('merge')}>
          {t('contacts.merge.action')}
        </MenuItem>
      )}
      {mayExport && (
        <MenuItem icon={Download} onSelect={() => save.mutate(contact.id)}>
          {t('contacts.exportOne')}
        </MenuItem>
      )}
      {mayErase && (
        <>
          <MenuRule />
          <MenuItem icon={Eraser} danger onSelect={() => onShow('erase')}>
            {t('contacts.erase.action')}
          </MenuItem>
        </>
      )}
    </RowMenu>
  );
}

function SentCard({ contactId }: { contactId: string }) {
  const { t } = useTranslation();
  const title = t('contacts.sent');
  const mayRead = useMay('messages.read');
  const sent = useSentStrip({ of: { contact_id: contactId }, label: title, enabled: mayRead });
  if (!sent) return null;
  return (
    <Card>
      <CardHead title={title}>
        <span className="num text-muted">{sent.total}</span>
      </CardHead>
      <CardBody>{sent.strip}</CardBody>
    </Card>
  );
}

/** The messages, the conversations and the files. */
function Parts({ contact, name }: { contact: Contact; name: string }) {
  const { t } = useTranslation();
  const { tab } = useSearch({ from: '/inside/contacts/$contactId' });
  const mayRead = useMay('messages.read');
  const conversations = useQuery(conversationsOfQuery(contact.id)).data;
  const counts = { history: undefined, conversations: conversations?.page.total, files: undefined };
  const tabs = contactTabs.filter(each => mayRead || each === 'conversations');
  const shown = tabs.find(each => each === tab) ?? tabs[0];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-4 lg:col-span-8">
      <TabLinks label={t('contacts.parts')}>
        {tabs.map(each => (
          <Link
            key={each}
            to="/contacts/$contactId"
            params={{ contactId: contact.id }}
            search={each === tabs[0] ? {} : { tab: each }}
            activeOptions={{ exact: true, includeSearch: true }}
            replace
            resetScroll={false}
            className={tabLook}
          >
            {t(`contacts.tab.${each}`)}
            {counts[each] != null && <span className="num text-13 font-regular text-faint">{counts[each]}</span>}
          </Link>
        ))}
      </TabLinks>
      {shown === 'history' && <HistoryPart contactId={contact.id} />}
      {shown === 'conversations' && <ConversationsPart conversations={conversations?.data} />}
      {shown === 'files' && (
        <Card>
          <FileList of={{ contact_id: contact.id }} name={name} />
        </Card>
      )}
    </div>
  );
}
