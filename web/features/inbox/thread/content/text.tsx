// A text as it was written: line breaks stay, and links of the web can be followed. Everything else is inert.
import { Fragment } from 'react';
import { partsOf } from './links.ts';

export function Text({ text }: { text: string }) {
  return (
    <bdi dir="auto" className="whitespace-pre-wrap">
      {partsOf(text).map(({ at, text: shown, href }) =>
        href === undefined ? (
          <Fragment key={at}>{shown}</Fragment>
        ) : (
          <a
            key={at}
            href={href}
            target="_blank"
            rel="noreferrer noopener"
            className="rounded-badge text-accent-text underline underline-offset-3"
          >
            {shown}
          </a>
        ),
      )}
    </bdi>
  );
}
