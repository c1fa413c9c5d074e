import { Inbox, MoreHorizontal, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from '../../kit/toasts.ts';
import { Banner } from '../banner.tsx';
import { Bubble } from '../bubble.tsx';
import { Button, IconButton, LinkButton } from '../button.tsx';
import { CodeBlock, CopyField } from '../code.tsx';
import { Dialog } from '../dialog.tsx';
import { Avatar, Count, Dot, Kbd, Pill } from '../marks.tsx';
import { Menu, MenuItem, MenuRule } from '../menu.tsx';
import { Empty, Failed, Skeleton } from '../states.tsx';
import { Card, Table } from '../surfaces.tsx';
import { StatusWord } from '../tick.tsx';

const at = '2026-11-28T14:41:00Z';

export const Marks = () => (
  <div className="flex flex-wrap items-center gap-3">
    {(['neutral', 'accent', 'success', 'warning', 'danger', 'info'] as const).map(tone => (
      <Pill key={tone} tone={tone}>
        {tone}
      </Pill>
    ))}
    {(['success', 'warning', 'danger', 'off'] as const).map(health => (
      <Dot key={health} health={health} />
    ))}
    <Count>12</Count>
    {['Ana Souza', 'Tomás Ferreira', 'يوسف العلوي', '+1 202'].map(name => (
      <Avatar key={name} name={name} />
    ))}
    <Avatar name="Ana Souza" size="huge" />
    <Kbd>⌘</Kbd>
    <Kbd>K</Kbd>
  </div>
);

export const Rows = () => (
  <Table label="Messages">
    <thead>
      <tr>
        <th scope="col">To</th>
        <th scope="col">Status</th>
        <th scope="col" className="end">
          At
        </th>
      </tr>
    </thead>
    <tbody>
      {(['read', 'failed', 'unknown'] as const).map(status => (
        <tr key={status} aria-selected={status === 'failed' || undefined}>
          <td className="wide">Maria Fernanda de Albuquerque Cavalcanti</td>
          <td>
            <StatusWord status={status} />
          </td>
          <td className="end">14:41</td>
        </tr>
      ))}
    </tbody>
  </Table>
);

export const Bubbles = () => (
  <div className="flex flex-col gap-0.5 rounded-card border border-border bg-canvas p-6">
    <Bubble who="Ana" at={at}>
      Hi, is it ready?
    </Bubble>
    <Bubble who="Ana" at={at} next>
      I could come at five
    </Bubble>
    <Bubble ours who="You" at={at} status="read">
      It is. Five is fine.
    </Bubble>
    <Bubble
      ours
      who="You"
      at={at}
      status="failed"
      note={
        <p className="mt-1 text-13 text-danger">
          Not sent: the 24-hour window closed at 13:05. <LinkButton>Retry</LinkButton>
        </p>
      }
    >
      Your order 4201 is ready at Chiado until 4 December.
    </Bubble>
    <Bubble ours who="You" at={at} status="unknown">
      Ask for Inês at the counter.
    </Bubble>
  </div>
);

export const States = () => (
  <div className="grid gap-4">
    <Banner tone="info" title="A template was approved.">
      It can be sent.
    </Banner>
    <Banner tone="warning" title="WhatsApp lowered the quality" action={<LinkButton>See the messages</LinkButton>}>
      at 12:10. Send less marketing today.
    </Banner>
    <Banner tone="danger" title="The token has expired (190).">
      Save a new one, then resume.
    </Banner>
    <Banner tone="quiet" title="You are offline.">
      What you write is kept here.
    </Banner>
    <Card>
      <Empty icon={Inbox} title="No conversations yet">
        They appear when somebody writes to one of your accounts.
      </Empty>
    </Card>
    <Card>
      <Failed title="The queue cannot be shown" error={new Error('no answer')} retry={() => undefined} />
    </Card>
    <Card className="grid gap-3 p-5">
      <Skeleton />
      <Skeleton className="h-2.5 w-64" />
    </Card>
  </div>
);

export function Floating() {
  const [open, setOpen] = useState(false);
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap gap-3">
        <Button kind="line" onClick={() => setOpen(true)}>
          Dialog
        </Button>
        <Button kind="line" onClick={() => toast('“Shop” is revoked.')}>
          Toast
        </Button>
        <Button kind="line" onClick={() => toast('The server does not answer.', 'danger')}>
          Error
        </Button>
        <Menu label="Actions" trigger={<IconButton icon={MoreHorizontal} label="Actions" />}>
          <MenuItem icon={Pencil} end="R" onSelect={() => undefined}>
            Rename
          </MenuItem>
          <MenuRule />
          <MenuItem icon={Trash2} danger onSelect={() => undefined}>
            Delete
          </MenuItem>
        </Menu>
      </div>
      <CodeBlock tabs={{ curl: 'curl "$RECADO/api/v1/queue"', TypeScript: 'await recado.queue.get();' }} />
      <CopyField text="https://recado.example/invitation#token=…" label="Link" />
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Delete Farol Casablanca?"
        footer={<Button kind="line">Keep it</Button>}
      >
        <p>12 messages that wait are cancelled.</p>
      </Dialog>
    </div>
  );
}
