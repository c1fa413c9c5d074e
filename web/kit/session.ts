// The session of this browser. Its cookies are hidden from scripts; its token against forgery is kept here, for all tabs.
import { ApiError, type CookieSession, Recado, type Tokens } from '@recado/client';

const csrfKey = 'recado.csrf';
const loginKey = 'recado.login';
const renewedKey = 'recado.renewed';
const renewingKey = 'recado.renewing';
/** How long the answer to a page that went away may take. */
const patienceMs = 1_500;

const beginnings = new Set<() => void>();
const endings = new Set<() => void>();
const removals = new Set<() => void>();

/** The part of a session that scripts can read. */
export const session = {
  isKnown: () => localStorage.getItem(csrfKey) !== null,
  csrfToken: () => localStorage.getItem(csrfKey) ?? undefined,
  /** After a login, also into another workspace: other tabs begin anew. */
  begin(given: CookieSession | Tokens) {
    keep(given);
    localStorage.setItem(loginKey, String(Date.now()));
    for (const listener of beginnings) listener();
  },
  /** Forgets it, in all tabs. */
  end() {
    for (const key of [csrfKey, loginKey, renewedKey, renewingKey]) localStorage.removeItem(key);
    for (const listener of endings) listener();
  },
  /** Calls when a session begins in this tab. */
  onBegin: (listener: () => void) => void beginnings.add(listener),
  /** Calls when the session ends, here or in another tab. */
  onEnd(listener: () => void) {
    endings.add(listener);
    addEventListener('storage', ({ key, newValue }) => {
      // Without a key the browser's storage was cleared.
      if (key === null || (key === csrfKey && newValue === null)) listener();
    });
  },
  /** Calls when a session ends because the person was removed from the workspace. */
  onRemoval: (listener: () => void) => void removals.add(listener),
  /** Calls when a session begins in another tab: this tab may show what another person or workspace has. */
  onOtherLogin(listener: () => void) {
    addEventListener('storage', ({ key, newValue }) => {
      if (key === loginKey && newValue !== null) listener();
    });
  },
};

function keep(given: CookieSession | Tokens): void {
  if (!('csrf_token' in given)) throw new Error('The server gave tokens instead of cookies.');
  localStorage.setItem(csrfKey, given.csrf_token);
  localStorage.setItem(renewedKey, String(Date.now()));
}

/** `keepalive`: an aborted refresh would leave the state of the token unknown. */
const renewer = new Recado({
  url: location.origin,
  csrfToken: session.csrfToken,
  retries: 0,
  fetch: (url, init) => fetch(url, { ...init, keepalive: true }),
});

let renewing: Promise<boolean> | undefined;

/**
 * Renews the session after a rejected request, once for all calls and tabs: a refresh token that is used twice ends the
 * session. False if there is none to renew.
 */
export function renewSession(sentAt: Date): Promise<boolean> {
  const isRenewed = () => Number(localStorage.getItem(renewedKey) ?? 0) > sentAt.getTime();
  const work = async () => {
    // A page that was left meanwhile may have used the token: its answer still sets the cookies.
    if (localStorage.getItem(renewingKey) !== null) await new Promise(resolve => setTimeout(resolve, patienceMs));
    return isRenewed() || renew();
  };
  if (!session.isKnown()) return Promise.resolve(false);
  // Without locks (over plain HTTP) tabs cannot agree; each still renews once.
  const shared = () => (navigator.locks ? navigator.locks.request('recado.renew', work) : work());
  renewing ??= Promise.resolve(shared()).finally(() => {
    renewing = undefined;
  });
  return renewing;
}

async function renew(): Promise<boolean> {
  localStorage.setItem(renewingKey, 'true');
  try {
    keep(await renewer.auth.refreshSession());
    localStorage.removeItem(renewingKey);
    return true;
  } catch (error) {
    // Without an answer nobody knows whether the token is used up.
    if (!(error instanceof ApiError)) throw error;
    localStorage.removeItem(renewingKey);
    if (error.status !== 401 && error.status !== 403) throw error;
    session.end();
    if (error.code === 'membership_ended') for (const listener of removals) listener();
    return false;
  }
}
