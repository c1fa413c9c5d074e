// The one-time token of a link. It is in the fragment, which browsers do not send.
import { useState } from 'react';

/** The token of `#token=…`; undefined without one. */
export const useLinkToken = (): string | undefined => useState(() => /^#token=([\w-]+)$/.exec(location.hash)?.[1])[0];

/** Takes a used token out of the address bar and the history. */
export const forgetLinkToken = (): void => history.replaceState(history.state, '', location.pathname);
