// Every part in every state.
import type { ReactNode } from 'react';
import { Button } from '../button.tsx';
import { Logo } from '../marks.tsx';
import { Charts } from './charts.tsx';
import { Buttons, Choosing, Fields } from './controls.tsx';
import { Gauges, Statuses, Strips } from './pipeline.tsx';
import { Bubbles, Floating, Marks, Rows, States } from './surfaces.tsx';

function flip(): void {
  const { dataset } = document.documentElement;
  dataset.theme = dataset.theme === 'dark' ? 'light' : 'dark';
}
function turn(): void {
  document.documentElement.dir = document.documentElement.dir === 'rtl' ? 'ltr' : 'rtl';
}

const Section = ({ title, words, children }: { title: string; words: string; children: ReactNode }) => (
  <section className="grid gap-4 border-t border-border py-8 lg:grid-cols-[200px_minmax(0,1fr)] lg:gap-8">
    <header>
      <h2>{title}</h2>
      <p className="mt-1 text-13 text-muted">{words}</p>
    </header>
    <div className="min-w-0">{children}</div>
  </section>
);

export const Showcase = () => (
  <main className="mx-auto max-w-320 px-4 pt-6 pb-24 md:px-8">
    <header className="flex flex-wrap items-center gap-4 pb-4">
      <Logo size={36} />
      <h1 className="flex-1">Recado, components</h1>
      <Button kind="line" onClick={flip}>
        Theme
      </Button>
      <Button kind="line" onClick={turn}>
        Direction
      </Button>
    </header>
    <Section title="Status" words="Twelve shapes, told apart without colour.">
      <Statuses />
    </Section>
    <Section title="Pipeline strip" words="Solid is there now, pale went on, hollow is not reached.">
      <Strips />
    </Section>
    <Section title="Gauges" words="From 90 % amber, full red; no limit is said.">
      <Gauges />
    </Section>
    <Section
      title="Charts"
      words="Table and CSV at the head, arrows move the cross-hair, one sentence for screen readers."
    >
      <Charts />
    </Section>
    <Section title="Buttons" words="32 px, 28 in tables, 40 on touch. One primary on a page.">
      <Buttons />
    </Section>
    <Section title="Fields" words="Label above, help below. An error says what it must be.">
      <Fields />
    </Section>
    <Section title="Chips, tabs, segments" words="Chips filter, segments show another view of the same.">
      <Choosing />
    </Section>
    <Section title="Marks" words="Badges, dots, people, keys.">
      <Marks />
    </Section>
    <Section title="Table" words="Below 768 px each row is a small card.">
      <Rows />
    </Section>
    <Section title="Bubbles" words="What is not well says why below.">
      <Bubbles />
    </Section>
    <Section title="Banners, states" words="The cause in bold, then what to do.">
      <States />
    </Section>
    <Section title="What floats" words="Focus goes in, Escape closes, focus goes back.">
      <Floating />
    </Section>
  </main>
);
