// What can be done with a saved segment: rename, duplicate, keep as a list, export, delete.
import type { Segment } from '@recado/client';
import { useNavigate } from '@tanstack/react-router';
import { Copy, Download, List, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { MenuItem, MenuRule } from '../../../components/menu.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { exportOf } from '../../../data/contacts.ts';
import { useMayEverywhere } from '../../../data/me.ts';
import { createSegment, deleteSegment, updateSegment } from '../../../data/segments.ts';
import { toast } from '../../../kit/toasts.ts';
import { useAction, useChange } from '../../../kit/use-action.ts';
import { NameDialog } from './name-dialog.tsx';

type Shown = 'rename' | 'duplicate' | 'keep' | 'delete';

interface Props {
  segment: Segment;
  /** In the head of its page. */
  isLarge?: boolean;
}

export function SegmentActions({ segment, isLarge = false }: Props) {
  const { t } = useTranslation();
  const mayManage = useMayEverywhere('contacts.manage');
  const mayExport = useMayEverywhere('contacts.export');
  const [shown, setShown] = useState<Shown>();
  const isList = segment.kind === 'list';
  if (!mayManage && !mayExport) return null;
  return (
    <>
      <RowMenu name={segment.name} isLarge={isLarge}>
        {mayManage && (
          <MenuItem icon={Pencil} onSelect={() => setShown('rename')}>
            {t('segments.rename')}
          </MenuItem>
        )}
        {mayManage && !isList && (
          <>
            <MenuItem icon={Copy} onSelect={() => setShown('duplicate')}>
              {t('segments.duplicate')}
            </MenuItem>
            <MenuItem icon={List} onSelect={() => setShown('keep')}>
              {t('segments.keep')}
            </MenuItem>
          </>
        )}
        {mayExport && (
          <MenuItem icon={Download} onSelect={() => location.assign(exportOf({ segment_id: segment.id }))}>
            {t('segments.export')}
          </MenuItem>
        )}
        {mayManage && (
          <>
            <MenuRule />
            <MenuItem icon={Trash2} danger onSelect={() => setShown('delete')}>
              {t(isList ? 'segments.deleteList' : 'segments.delete')}
            </MenuItem>
          </>
        )}
      </RowMenu>
      {shown && <Dialogs segment={segment} shown={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}

function Dialogs({ segment, shown, onClose }: { segment: Segment; shown: Shown; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const update = useChange(updateSegment);
  const create = useChange(createSegment);
  const { id, revision, name, filter } = segment;
  const remove = useAction({
    ...deleteSegment,
    done: t('segments.deleted', { name }),
    onDone: () => void navigate({ to: '/contacts/segments', search: listSearchOf(segment), ignoreBlocker: true }),
  });
  if (shown === 'delete')
    return (
      <ConfirmDialog
        title={t('segments.deleteTitle', { name })}
        keep={t('action.cancel')}
        confirm={t(segment.kind === 'list' ? 'segments.deleteList' : 'segments.delete')}
        onConfirm={() => remove.mutate(id, { onSettled: onClose })}
        onClose={onClose}
        busy={remove.isPending}
      >
        <p>{t('segments.deleteWords')}</p>
      </ConfirmDialog>
    );
  if (shown === 'rename')
    return (
      <NameDialog
        title={t('segments.rename')}
        submit={t('segments.save')}
        name={name}
        onName={async given => {
          await update({ id, revision, name: given });
          toast(t('segments.renamed'));
          onClose();
        }}
        onClose={onClose}
      />
    );
  const kind = shown === 'keep' ? 'list' : 'filter';
  return (
    <NameDialog
      title={t(shown === 'keep' ? 'segments.keep' : 'segments.duplicate')}
      submit={t(shown === 'keep' ? 'segments.saveList' : 'segments.saveAs')}
      name={shown === 'keep' ? '' : t('segments.copyOf', { name }).slice(0, 100)}
      onName={async given => {
        const made = await create({ name: given, kind, ...(filter && { filter }) });
        toast(t('segments.created', { name: made.name }));
        onClose();
        await navigate({ to: '/contacts/segments/$segmentId', params: { segmentId: made.id } });
      }}
      onClose={onClose}
    />
  );
}

const listSearchOf = ({ kind }: Segment): { kind?: 'list' } => (kind === 'list' ? { kind } : {});
