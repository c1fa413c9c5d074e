// What was acted on: by name where the app knows it, else by kind and id, and as a link where it has a page.
import type { AuditEntry } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAccounts } from '../../data/accounts.ts';
import { useMay } from '../../data/me.ts';
import { allPeopleQuery } from '../../data/people.ts';

export function Target({ target: { kind, id } }: { target: NonNullable<AuditEntry['target']> }) {
  const accounts = useAccounts(useMay('accounts.read'));
  const people = useQuery({ ...allPeopleQuery, enabled: useMay('people.read') }).data?.rows;
  const name = [...accounts, ...(people ?? [])].find(each => each.id === id)?.name;
  const words = name === undefined ? <Id id={id} /> : <bdi>{name}</bdi>;
  const look = 'cut block link';
  switch (kind) {
    case 'account':
      return name === undefined ? (
        <Plain>{words}</Plain>
      ) : (
        <Link to="/accounts/$accountId" params={{ accountId: id }} className={look}>
          {words}
        </Link>
      );
    case 'message':
      return (
        <Link to="/messages/$messageId" params={{ messageId: id }} className={look}>
          {words}
        </Link>
      );
    case 'contact':
      return (
        <Link to="/contacts/$contactId" params={{ contactId: id }} className={look}>
          {words}
        </Link>
      );
    case 'campaign':
      return (
        <Link to="/campaigns/$campaignId" params={{ campaignId: id }} className={look}>
          {words}
        </Link>
      );
    case 'endpoint':
      return (
        <Link to="/developers/endpoints/$endpointId" params={{ endpointId: id }} className={look}>
          {words}
        </Link>
      );
    default:
      return <Plain>{words}</Plain>;
  }
}

const Plain = ({ children }: { children: ReactNode }) => <span className="cut block">{children}</span>;

/** Cut at its end, also in a text from right to left. */
const Id = ({ id }: { id: string }) => (
  <code dir="ltr" className="cut block">
    {id}
  </code>
);
