// A part of the side pane: a hairline above, a quiet title, and what belongs to it.
import type { ReactNode } from 'react';

export const Section = ({ title, end, children }: { title?: string; end?: ReactNode; children: ReactNode }) => (
  <section className="grid gap-3 border-t border-border p-4 first:border-0 md:p-5">
    {title !== undefined && (
      <div className="flex items-baseline justify-between gap-3">
        <h2 className="text-13 font-medium text-muted">{title}</h2>
        {end && <span className="num text-13 text-muted">{end}</span>}
      </div>
    )}
    {children}
  </section>
);
