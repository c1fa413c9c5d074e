// Some of the people, picked at random, and why each fits.
import type { SegmentCount } from '@recado/client';
import { Link } from '@tanstack/react-router';
import { List, Shuffle, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonLook } from '../../../components/button.tsx';
import { Avatar } from '../../../components/marks.tsx';
import { Empty } from '../../../components/states.tsx';
import { Card, Table } from '../../../components/surfaces.tsx';
import { phoneToRead } from '../../../kit/phone.ts';
import { useContactName, useDayWords } from '../../inbox/index.ts';

interface Props {
  count: SegmentCount;
  isOld: boolean;
  isList: boolean;
  reason: (because: readonly string[]) => string;
  onAnother: () => void;
  /** The saved segment, whose people the list of contacts shows. */
  segmentId: string | undefined;
}

type Person = SegmentCount['sample'][number];

export function SampleCard({ count, isOld, isList, reason, onAnother, segmentId }: Props) {
  const { t } = useTranslation();
  if (count.count === 0)
    return (
      <Card>
        <Empty icon={Users} title={t('segments.nobody')}>
          {isList ? t('segments.nobodyInList') : t('segments.nobodyWords')}
        </Empty>
      </Card>
    );
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="flex-1">{t('segments.sample')}</h2>
        <span className="text-13 text-muted max-md:hidden">{t('segments.atRandom')}</span>
        <Button kind="line" size="small" icon={Shuffle} onClick={onAnother}>
          {t('segments.another')}
        </Button>
        {segmentId && (
          <Link to="/contacts" search={{ segment: segmentId }} className={buttonLook('quiet', 'small')}>
            <List size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
            {t('segments.seeAll')}
          </Link>
        )}
      </div>
      <div className={isOld ? 'opacity-60' : ''}>
        <Table label={t('segments.sample')} short>
          <thead>
            <tr>
              <Head>{t('form.name')}</Head>
              <Head>{t('contacts.number')}</Head>
              <Head end>{t('segments.facts.last_received')}</Head>
              {!isList && <Head>{t('segments.because')}</Head>}
            </tr>
          </thead>
          <tbody>
            {count.sample.map(person => (
              <Row key={person.id} person={person} because={isList ? undefined : reason(person.because)} />
            ))}
          </tbody>
        </Table>
      </div>
    </section>
  );
}

const Head = ({ end = false, children }: { end?: boolean; children: ReactNode }) => (
  <th scope="col" className={end ? 'end' : undefined}>
    {children}
  </th>
);

function Row({ person, because }: { person: Person; because: string | undefined }) {
  const days = useDayWords();
  const name = useContactName()({ ...person, user_id: null, username: null });
  const at = person.last_received_at;
  return (
    <tr>
      <td className="wide">
        <Link
          to="/contacts/$contactId"
          params={{ contactId: person.id }}
          className="flex min-w-0 items-center gap-2.5 text-text no-underline hover:underline"
        >
          <Avatar name={name} size="small" />
          <bdi className="cut font-medium">{name}</bdi>
        </Link>
      </td>
      <td className="num small-hidden text-muted">
        {person.phone !== null && <bdi dir="ltr">{phoneToRead(person.phone)}</bdi>}
      </td>
      <td className="end text-muted">{at !== null && days.short(at)}</td>
      {because !== undefined && (
        <td className="small-full max-w-60 cut text-muted" title={because}>
          <bdi>{because}</bdi>
        </td>
      )}
    </tr>
  );
}
