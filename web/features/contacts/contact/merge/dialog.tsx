// Makes one contact of two: which other one, and which of the values that differ stay.
import type { Contact } from '@recado/client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../../components/button.tsx';
import { Dialog } from '../../../../components/dialog.tsx';
import { Field, Input, Radio } from '../../../../components/field.tsx';
import { Avatar } from '../../../../components/marks.tsx';
import { fieldsQuery } from '../../../../data/contact-fields.ts';
import { foundContactsQuery, mergeContact } from '../../../../data/contacts.ts';
import { phoneToRead } from '../../../../kit/phone.ts';
import { useAction } from '../../../../kit/use-action.ts';
import { useSettled } from '../../../../kit/use-settled.ts';
import { useNameOf } from '../../names.ts';
import { useFieldValue } from '../facts-card.tsx';
import { useLanguageName } from '../languages.ts';
import { differencesOf, type Taken } from './differences.ts';

interface Props {
  contact: Contact;
  name: string;
  onClose: () => void;
}

export function MergeDialog({ contact, name, onClose }: Props) {
  const { t } = useTranslation();
  const nameOf = useNameOf();
  const [other, setOther] = useState<Contact>();
  const [taken, setTaken] = useState<ReadonlySet<Taken>>(new Set());
  const merge = useAction({
    ...mergeContact,
    done: t('contacts.merge.done', { name }),
    onDone: onClose,
  });
  const footer = (
    <>
      <Button kind="line" onClick={onClose}>
        {t('contacts.merge.keep')}
      </Button>
      <Button
        kind="danger-solid"
        busy={merge.isPending}
        impossible={other ? undefined : t('contacts.merge.chooseFirst')}
        onClick={() => other && merge.mutate({ id: contact.id, other_id: other.id, take: [...taken] })}
      >
        {t('contacts.merge.confirm')}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} title={t('contacts.merge.title', { name })} footer={footer} wide>
      <p>{t('contacts.merge.words')}</p>
      {other ? (
        <>
          <p className="flex flex-wrap items-center gap-2 text-text">
            <Avatar name={nameOf(other)} size="small" />
            <bdi className="font-medium">{nameOf(other)}</bdi>
            <Button kind="quiet" size="small" onClick={() => setOther(undefined)}>
              {t('contacts.merge.another')}
            </Button>
          </p>
          <Differences contact={contact} other={other} taken={taken} onChange={setTaken} />
        </>
      ) : (
        <FindOther
          not={contact.id}
          onChoose={found => {
            setTaken(new Set());
            setOther(found);
          }}
        />
      )}
    </Dialog>
  );
}

function FindOther({ not, onChoose }: { not: string; onChoose: (contact: Contact) => void }) {
  const { t } = useTranslation();
  const nameOf = useNameOf();
  const [typed, setTyped] = useState('');
  const text = useSettled(typed.trim());
  const found = useQuery({
    ...foundContactsQuery(text),
    enabled: text !== '',
    placeholderData: keepPreviousData,
  }).data?.data.filter(({ id }) => id !== not);
  return (
    <>
      <Field label={t('contacts.merge.other')}>
        <Input
          type="search"
          autoFocus
          autoComplete="off"
          placeholder={t('contacts.search')}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      </Field>
      {text !== '' && found && (
        <ul className="-mx-2 grid" aria-label={t('contacts.title')}>
          {found.map(each => (
            <li key={each.id}>
              <button
                type="button"
                onClick={() => onChoose(each)}
                className="flex w-full min-w-0 items-center gap-3 rounded-control px-2 py-1.5 text-start text-text hover:bg-hover"
              >
                <Avatar name={nameOf(each)} size="small" />
                <bdi className="cut flex-1">{nameOf(each)}</bdi>
                {each.phone !== null && (
                  <bdi dir="ltr" className="num text-13 text-muted">
                    {phoneToRead(each.phone)}
                  </bdi>
                )}
              </button>
            </li>
          ))}
          {found.length === 0 && <li className="px-2 text-13">{t('form.nothingFits', { text })}</li>}
        </ul>
      )}
    </>
  );
}

interface DifferencesProps {
  contact: Contact;
  other: Contact;
  taken: ReadonlySet<Taken>;
  onChange: (taken: ReadonlySet<Taken>) => void;
}

function Differences({ contact, other, taken, onChange }: DifferencesProps) {
  const { t } = useTranslation();
  const languageName = useLanguageName();
  const valueIn = useFieldValue();
  const fields = useQuery(fieldsQuery).data ?? [];
  const differences = differencesOf(contact, other);
  if (differences.length === 0) return <p>{t('contacts.merge.same')}</p>;
  const wordOf = (what: Taken): string => {
    if (what === 'name') return t('form.name');
    if (what === 'language') return t('contacts.language');
    if (what === 'reference') return t('inbox.fact.reference');
    return fields.find(({ key }) => `fields.${key}` === what)?.name ?? what;
  };
  const shown = (what: Taken, of: Contact): string => {
    if (what === 'language') return of.language === null ? '' : languageName(of.language);
    if (what === 'name' || what === 'reference') return of[what] ?? '';
    const field = fields.find(({ key }) => `fields.${key}` === what);
    return field ? valueIn(field, of) : '';
  };
  return (
    <div className="grid gap-3 text-text">
      <p className="text-muted">{t('contacts.merge.choose')}</p>
      {differences.map(what => {
        const choose = (isTaken: boolean) => {
          const next = new Set(taken);
          if (isTaken) next.add(what);
          else next.delete(what);
          onChange(next);
        };
        return (
          <fieldset key={what} className="grid gap-1.5 sm:grid-cols-[8rem_minmax(0,1fr)_minmax(0,1fr)]">
            <legend className="contents">
              <span className="cut text-13 text-muted">{wordOf(what)}</span>
            </legend>
            {[contact, other].map(of => (
              <Radio
                key={of.id}
                name={what}
                label={<bdi className="wrap-anywhere">{shown(what, of)}</bdi>}
                checked={taken.has(what) === (of.id === other.id)}
                onChange={() => choose(of.id === other.id)}
              />
            ))}
          </fieldset>
        );
      })}
    </div>
  );
}
