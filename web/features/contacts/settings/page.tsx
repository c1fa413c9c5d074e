// Settings, fields and labels: the data that the workspace keeps of its contacts.
import type { ContactField, Label } from '@recado/client';
import { mostFields } from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Pencil, Plus, Tags, TextCursorInput, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { LabelPill } from '../../../components/label-pill.tsx';
import { ListTable } from '../../../components/list-table.tsx';
import { MenuItem, MenuRule } from '../../../components/menu.tsx';
import { Page } from '../../../components/page.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { Empty } from '../../../components/states.tsx';
import { fieldsQuery, updateField } from '../../../data/contact-fields.ts';
import { labelsQuery } from '../../../data/labels.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { SettingsTabs } from '../../settings-tabs.tsx';
import { DeleteFieldDialog, DeleteLabelDialog } from './delete-dialogs.tsx';
import { FieldDialog } from './field-dialog.tsx';
import { LabelDialog } from './label-dialog.tsx';

type Shown = { what: 'field' | 'deleteField'; field?: ContactField } | { what: 'label' | 'deleteLabel'; label?: Label };

/** The whole of a short list, as a table takes it. */
const asList = <Row,>(query: { data: readonly Row[] | undefined; error: unknown; refetch: () => unknown }) => ({
  data: query.data && { rows: [...query.data], total: query.data.length },
  error: query.error,
  refetch: query.refetch,
  hasNextPage: false,
  isFetchingNextPage: false,
  fetchNextPage: () => undefined,
});

export function FieldsPage() {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Shown>();
  const close = () => setShown(undefined);
  const example = {
    method: 'POST',
    path: '/api/v1/contact-fields',
    body: { key: 'favourite_shop', name: 'Favourite shop', type: 'choice', choices: ['Chiado', 'Almada'] },
    sdk: "await recado.contactFields.create({\n  key: 'favourite_shop',\n  name: 'Favourite shop',\n  type: 'choice',\n  choices: ['Chiado', 'Almada'],\n});",
  };
  return (
    <Page
      title={t('settings.title')}
      example={example}
      actions={
        <Button kind="primary" icon={Plus} onClick={() => setShown({ what: 'field' })}>
          {t('fields.new')}
        </Button>
      }
    >
      <SettingsTabs />
      <FieldsPart onShow={setShown} />
      <LabelsPart onShow={setShown} />
      {shown?.what === 'field' && <FieldDialog field={shown.field} onClose={close} />}
      {shown?.what === 'deleteField' && shown.field && <DeleteFieldDialog field={shown.field} onClose={close} />}
      {shown?.what === 'label' && <LabelDialog label={shown.label} onClose={close} />}
      {shown?.what === 'deleteLabel' && shown.label && <DeleteLabelDialog label={shown.label} onClose={close} />}
    </Page>
  );
}

interface PartProps {
  onShow: (shown: Shown) => void;
}

function FieldsPart({ onShow }: PartProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const fields = useQuery(fieldsQuery);
  const move = useAction(updateField);
  const count = fields.data?.length ?? 0;
  const columns = [
    {
      head: t('contacts.field'),
      look: 'wide',
      cell: ({ name, key }: ContactField) => (
        <span className="flex min-w-0 items-baseline gap-2">
          <bdi className="cut font-medium">{name}</bdi>
          <code className="cut text-12 text-muted">{key}</code>
        </span>
      ),
    },
    { head: t('fields.kind'), look: 'md:min-w-36', cell: ({ type }: ContactField) => t(`fields.type.${type}`) },
    {
      head: t('fields.choices'),
      look: 'small-full max-w-80 cut text-muted md:min-w-60',
      title: ({ choices }: ContactField) => choices?.join(', '),
      cell: ({ choices }: ContactField) => <bdi>{choices?.join(', ')}</bdi>,
    },
  ];
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex items-baseline justify-between gap-3">
        <h2>{t('fields.ofContact')}</h2>
        <span className="num text-13 text-muted">
          {fields.data && t('fields.of', { count: number(count), most: number(mostFields) })}
        </span>
      </div>
      <ListTable
        list={asList(fields)}
        label={t('fields.ofContact')}
        failed={t('fields.failed')}
        columns={columns}
        short
        empty={
          <Empty icon={TextCursorInput} title={t('fields.empty')}>
            {t('fields.emptyWords')}
          </Empty>
        }
        actions={field => (
          <RowMenu name={field.name}>
            <MenuItem icon={Pencil} onSelect={() => onShow({ what: 'field', field })}>
              {t('fields.change')}
            </MenuItem>
            {field.position > 1 && (
              <MenuItem icon={ArrowUp} onSelect={() => move.mutate({ id: field.id, position: field.position - 1 })}>
                {t('fields.up')}
              </MenuItem>
            )}
            {field.position < count && (
              <MenuItem icon={ArrowDown} onSelect={() => move.mutate({ id: field.id, position: field.position + 1 })}>
                {t('fields.down')}
              </MenuItem>
            )}
            <MenuRule />
            <MenuItem icon={Trash2} danger onSelect={() => onShow({ what: 'deleteField', field })}>
              {t('fields.delete')}
            </MenuItem>
          </RowMenu>
        )}
      />
    </section>
  );
}

function LabelsPart({ onShow }: PartProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const labels = useQuery(labelsQuery());
  const usedBy = ({ used_by: count }: Label) => {
    if (count === null) return t('labels.many', { number: number(10_000) });
    return count === 0 ? t('labels.nobody') : number(count);
  };
  const columns = [
    { head: t('labels.label'), look: 'wide', cell: (label: Label) => <LabelPill label={label} /> },
    { head: t('labels.on'), look: 'md:min-w-36', cell: ({ on }: Label) => t(`labels.kind.${on}`) },
    { head: t('labels.usedBy'), end: true, look: 'text-muted md:min-w-28', cell: usedBy },
  ];
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3 lg:max-w-190">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2>{t('labels.title')}</h2>
        <Button kind="line" size="small" icon={Plus} onClick={() => onShow({ what: 'label' })}>
          {t('labels.new')}
        </Button>
      </div>
      <ListTable
        list={asList(labels)}
        label={t('labels.title')}
        failed={t('labels.failed')}
        columns={columns}
        short
        empty={
          <Empty icon={Tags} title={t('labels.empty')}>
            {t('labels.emptyWords')}
          </Empty>
        }
        actions={label => (
          <RowMenu name={label.name}>
            <MenuItem icon={Pencil} onSelect={() => onShow({ what: 'label', label })}>
              {t('labels.change')}
            </MenuItem>
            <MenuRule />
            <MenuItem icon={Trash2} danger onSelect={() => onShow({ what: 'deleteLabel', label })}>
              {t('labels.delete')}
            </MenuItem>
          </RowMenu>
        )}
      />
    </section>
  );
}
