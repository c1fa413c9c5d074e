// The methods of the API. Made from its OpenAPI document by "npm run sdk-types": do not edit.
import type { List } from '../list.ts';
import { pollEvents, streamEvents, type StreamOptions } from '../stream.ts';
import { type CreateOptions, type RequestOptions, segment, type Transport } from '../transport.ts';
import type * as api from './types.ts';

abstract class Group {
  protected readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }
}

/** The first owner, logins and forgotten passwords. */
export class Auth extends Group {
  /**
   * Show whether there is an owner, and whether the server sends mail.
   *
   * `GET /api/v1/setup`
   */
  getSetup(options?: RequestOptions): Promise<api.SetupState> {
    return this.transport.call({ method: 'GET', path: '/api/v1/setup', open: true }, options);
  }

  /**
   * Create the first owner with the token of the setup link.
   *
   * `POST /api/v1/setup`
   */
  createFirstOwner(body: api.CreateFirstOwnerBody, options?: RequestOptions): Promise<api.Tokens> {
    return this.transport.call({ method: 'POST', path: '/api/v1/setup', body, open: true }, options);
  }

  /**
   * Log in with e-mail address, password and, if set up, a second factor.
   *
   * `POST /api/v1/auth/login`
   */
  logIn(body: api.LogInBody, options?: RequestOptions): Promise<api.LogInAnswer> {
    return this.transport.call({ method: 'POST', path: '/api/v1/auth/login', body, open: true }, options);
  }

  /**
   * Exchange a one-time refresh token for new tokens.
   *
   * `POST /api/v1/auth/refresh`
   */
  refreshSession(body: api.RefreshSessionBody = {}, options?: RequestOptions): Promise<api.RefreshSessionAnswer> {
    return this.transport.call({ method: 'POST', path: '/api/v1/auth/refresh', body, open: true }, options);
  }

  /**
   * End the session of a refresh token.
   *
   * `POST /api/v1/auth/logout`
   */
  logOut(body: api.LogOutBody = {}, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'POST', path: '/api/v1/auth/logout', body, open: true }, options);
  }

  /**
   * Mail a reset link for a forgotten password. The answer is the same for known and unknown addresses. Without SMTP,
   * Recado sends no mail and says so.
   *
   * `POST /api/v1/auth/password/forgot`
   */
  requestPasswordReset(body: api.RequestPasswordResetBody, options?: RequestOptions): Promise<api.ResetAsked> {
    return this.transport.call({ method: 'POST', path: '/api/v1/auth/password/forgot', body, open: true }, options);
  }

  /**
   * Set a new password with a reset token, and end all sessions. It does not log in. A second factor stays.
   *
   * `POST /api/v1/auth/password/reset`
   */
  resetPassword(body: api.ResetPasswordBody, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'POST', path: '/api/v1/auth/password/reset', body, open: true }, options);
  }
}

/** The caller: permissions, sessions, password and second factor. */
export class Me extends Group {
  /**
   * Who I am, and in which workspace.
   *
   * `GET /api/v1/me`
   */
  get(options?: RequestOptions): Promise<api.Me> {
    return this.transport.call({ method: 'GET', path: '/api/v1/me' }, options);
  }

  /**
   * Show my current permissions.
   *
   * `GET /api/v1/me/permissions`
   */
  getPermissions(options?: RequestOptions): Promise<api.MyPermissions> {
    return this.transport.call({ method: 'GET', path: '/api/v1/me/permissions' }, options);
  }

  /**
   * List my open sessions in all workspaces.
   *
   * `GET /api/v1/me/sessions`
   */
  listSessions(query: api.ListMySessionsQuery = {}, options?: RequestOptions): List<api.Session> {
    return this.transport.list('/api/v1/me/sessions', query, options);
  }

  /**
   * End all my sessions but this one, in all workspaces.
   *
   * `DELETE /api/v1/me/sessions`
   */
  endOtherSessions(options?: RequestOptions): Promise<api.EndedSessions> {
    return this.transport.call({ method: 'DELETE', path: '/api/v1/me/sessions' }, options);
  }

  /**
   * End one of my sessions.
   *
   * `DELETE /api/v1/me/sessions/{id}`
   */
  endSession(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/me/sessions/${segment(id)}` }, options);
  }

  /**
   * Change my password and end my other sessions.
   *
   * `POST /api/v1/me/password`
   */
  changePassword(body: api.ChangeMyPasswordBody, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'POST', path: '/api/v1/me/password', body }, options);
  }

  /**
   * Show whether I have a second factor.
   *
   * `GET /api/v1/me/second-factor`
   */
  getSecondFactor(options?: RequestOptions): Promise<api.SecondFactor> {
    return this.transport.call({ method: 'GET', path: '/api/v1/me/second-factor' }, options);
  }

  /**
   * Set up a second factor: get the secret for an authenticator app. It is active once you confirm it with a code of
   * the app.
   *
   * `POST /api/v1/me/second-factor`
   */
  beginSecondFactor(body: api.BeginMySecondFactorBody, options?: RequestOptions): Promise<api.NewSecondFactor> {
    return this.transport.call({ method: 'POST', path: '/api/v1/me/second-factor', body }, options);
  }

  /**
   * Remove my second factor.
   *
   * `DELETE /api/v1/me/second-factor`
   */
  removeSecondFactor(body: api.RemoveMySecondFactorBody, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: '/api/v1/me/second-factor', body }, options);
  }

  /**
   * Confirm my second factor with a code, and get ten recovery codes. Confirm within ten minutes. Wrong codes count as
   * failures.
   *
   * `POST /api/v1/me/second-factor/confirm`
   */
  confirmSecondFactor(body: api.ConfirmMySecondFactorBody, options?: RequestOptions): Promise<api.RecoveryCodes> {
    return this.transport.call({ method: 'POST', path: '/api/v1/me/second-factor/confirm', body }, options);
  }

  /**
   * Replace my recovery codes with ten new ones.
   *
   * `POST /api/v1/me/second-factor/recovery-codes`
   */
  renewRecoveryCodes(body: api.RenewMyRecoveryCodesBody, options?: RequestOptions): Promise<api.RecoveryCodes> {
    return this.transport.call({ method: 'POST', path: '/api/v1/me/second-factor/recovery-codes', body }, options);
  }

  /**
   * Send a test mail to my own address. The answer says whether the mail server accepted it, and if not, what the
   * server answered and what to do. At most 20 an hour.
   *
   * `POST /api/v1/me/test-mail`
   */
  sendTestMail(options?: RequestOptions): Promise<api.TestMail> {
    return this.transport.call({ method: 'POST', path: '/api/v1/me/test-mail' }, options);
  }

  /**
   * List my workspaces.
   *
   * `GET /api/v1/me/workspaces`
   */
  listWorkspaces(query: api.ListMyWorkspacesQuery = {}, options?: RequestOptions): List<api.MyWorkspace> {
    return this.transport.list('/api/v1/me/workspaces', query, options);
  }

  /**
   * Switch to another of my workspaces with a new session. With a session cookie, the new session replaces the old one.
   * With an access token, the old session stays open.
   *
   * `POST /api/v1/auth/switch`
   */
  switchWorkspace(body: api.SwitchWorkspaceBody, options?: RequestOptions): Promise<api.SwitchWorkspaceAnswer> {
    return this.transport.call({ method: 'POST', path: '/api/v1/auth/switch', body }, options);
  }

  /**
   * Choose whether you are online, away or offline. Only you choose it. It is of this workspace. With follows_hours you
   * are online as the hours of your teams begin, and offline as they end.
   *
   * `PUT /api/v1/me/availability`
   */
  setAvailability(body: api.SetMyAvailabilityBody, options?: RequestOptions): Promise<api.Availability> {
    return this.transport.call({ method: 'PUT', path: '/api/v1/me/availability', body }, options);
  }

  /**
   * Show your quiet hours.
   *
   * `GET /api/v1/me/alerts`
   */
  getAlerts(options?: RequestOptions): Promise<api.MyAlerts> {
    return this.transport.call({ method: 'GET', path: '/api/v1/me/alerts' }, options);
  }

  /**
   * Change your quiet hours: then only critical alerts come by e-mail.
   *
   * `PUT /api/v1/me/alerts`
   */
  setAlerts(body: api.SetMyAlertsBody, options?: RequestOptions): Promise<api.MyAlerts> {
    return this.transport.call({ method: 'PUT', path: '/api/v1/me/alerts', body }, options);
  }

  /**
   * List what you were told of, newest first. At most one about each conversation and alert. They are kept for 30 days.
   * Kinds without the channel app are left out.
   *
   * `GET /api/v1/me/notifications`
   */
  listNotifications(query: api.ListMyNotificationsQuery = {}, options?: RequestOptions): List<api.Notification> {
    return this.transport.list('/api/v1/me/notifications', query, options);
  }

  /**
   * Mark what you were told of as read. All, or what is about one conversation. Your other devices show it no longer.
   *
   * `POST /api/v1/me/notifications/read`
   */
  readNotifications(body: api.ReadMyNotificationsBody = {}, options?: RequestOptions): Promise<api.ReadNotifications> {
    return this.transport.call({ method: 'POST', path: '/api/v1/me/notifications/read', body }, options);
  }

  /**
   * Show how you hear of things in this workspace.
   *
   * `GET /api/v1/me/notification-settings`
   */
  getNotificationSettings(options?: RequestOptions): Promise<api.NotificationSettings> {
    return this.transport.call({ method: 'GET', path: '/api/v1/me/notification-settings' }, options);
  }

  /**
   * Change how you hear of things in this workspace.
   *
   * `PATCH /api/v1/me/notification-settings`
   */
  updateNotificationSettings(body: api.UpdateMyNotificationSettingsBody, options?: RequestOptions): Promise<api.NotificationSettings> {
    return this.transport.call({ method: 'PATCH', path: '/api/v1/me/notification-settings', body }, options);
  }

  /**
   * Show the key that browsers subscribe to Web Push with.
   *
   * `GET /api/v1/me/push-key`
   */
  getPushKey(options?: RequestOptions): Promise<api.PushKey> {
    return this.transport.call({ method: 'GET', path: '/api/v1/me/push-key' }, options);
  }

  /**
   * List your browsers that are told while no page is open, newest first.
   *
   * `GET /api/v1/me/push-subscriptions`
   */
  listPushSubscriptions(query: api.ListMyPushSubscriptionsQuery = {}, options?: RequestOptions): List<api.PushSubscription> {
    return this.transport.list('/api/v1/me/push-subscriptions', query, options);
  }

  /**
   * Have this browser told while no page is open. With what the browser subscribed with. One for each session; it ends
   * with the session. The push service sees neither who writes nor what: only the browser can read it.
   *
   * `PUT /api/v1/me/push-subscription`
   */
  setPushSubscription(body: api.SetMyPushSubscriptionBody, options?: RequestOptions): Promise<api.PushSubscription> {
    return this.transport.call({ method: 'PUT', path: '/api/v1/me/push-subscription', body }, options);
  }

  /**
   * Have a browser told no longer.
   *
   * `DELETE /api/v1/me/push-subscriptions/{id}`
   */
  deletePushSubscription(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/me/push-subscriptions/${segment(id)}` }, options);
  }
}

/** The people of the workspace and their roles. */
export class People extends Group {
  /**
   * List people.
   *
   * `GET /api/v1/people`
   */
  list(query: api.ListPeopleQuery = {}, options?: RequestOptions): List<api.Person> {
    return this.transport.list('/api/v1/people', query, options);
  }

  /**
   * Show a person.
   *
   * `GET /api/v1/people/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.Person> {
    return this.transport.call({ method: 'GET', path: `/api/v1/people/${segment(id)}` }, options);
  }

  /**
   * Change the role, accounts, conversations or status of a person. The change applies from the next request on. A
   * disabled person is logged out of this workspace.
   *
   * `PATCH /api/v1/people/{id}`
   */
  update(id: string, body: api.UpdatePersonBody, options?: RequestOptions): Promise<api.Person> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/people/${segment(id)}`, body }, options);
  }

  /**
   * Remove a person from this workspace and end their sessions in it.
   *
   * `DELETE /api/v1/people/{id}`
   */
  remove(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/people/${segment(id)}` }, options);
  }

  /**
   * Create a reset link for another person. With SMTP, Recado mails the link to the person. Without SMTP, the answer
   * contains it, unless the person belongs to other workspaces too.
   *
   * `POST /api/v1/people/{id}/reset-link`
   */
  createResetLink(id: string, options?: RequestOptions): Promise<api.ResetLink> {
    return this.transport.call({ method: 'POST', path: `/api/v1/people/${segment(id)}/reset-link` }, options);
  }
}

/** Invite people to the workspace. */
export class Invitations extends Group {
  /**
   * List invitations.
   *
   * `GET /api/v1/invitations`
   */
  list(query: api.ListInvitationsQuery = {}, options?: RequestOptions): List<api.Invitation> {
    return this.transport.list('/api/v1/invitations', query, options);
  }

  /**
   * Invite a person to this workspace. An invitation works for seven days and replaces an earlier one to the same
   * address. With SMTP, Recado mails the link and never shows it. Without SMTP, only this answer contains it. With an
   * `Idempotency-Key`, Recado keeps the encrypted answer for 24 hours and repeats it to the same caller only.
   *
   * `POST /api/v1/invitations`
   */
  create(body: api.CreateInvitationBody, options?: CreateOptions): Promise<api.NewInvitation> {
    return this.transport.call({ method: 'POST', path: '/api/v1/invitations', body, keyed: true }, options);
  }

  /**
   * Show an invitation.
   *
   * `GET /api/v1/invitations/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.Invitation> {
    return this.transport.call({ method: 'GET', path: `/api/v1/invitations/${segment(id)}` }, options);
  }

  /**
   * Revoke an invitation to a role not above your own.
   *
   * `DELETE /api/v1/invitations/{id}`
   */
  revoke(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/invitations/${segment(id)}` }, options);
  }

  /**
   * Show who invites whom to which workspace. It changes nothing. An unknown, used, revoked or expired token shows
   * nothing.
   *
   * `POST /api/v1/invitations/preview`
   */
  preview(body: api.PreviewInvitationBody, options?: RequestOptions): Promise<api.InvitationPreview> {
    return this.transport.call({ method: 'POST', path: '/api/v1/invitations/preview', body, open: true }, options);
  }

  /**
   * Accept an invitation and log in to its workspace. A new person chooses a name and a password. A known person sends
   * their own password, and a code if they have a second factor.
   *
   * `POST /api/v1/invitations/accept`
   */
  accept(body: api.AcceptInvitationBody, options?: RequestOptions): Promise<api.AcceptInvitationAnswer> {
    return this.transport.call({ method: 'POST', path: '/api/v1/invitations/accept', body, open: true }, options);
  }
}

/** Who is logged in to the workspace, and from where. */
export class Sessions extends Group {
  /**
   * List the open sessions of the people in this workspace, newest first.
   *
   * `GET /api/v1/sessions`
   */
  list(query: api.ListSessionsQuery = {}, options?: RequestOptions): List<api.WorkspaceSession> {
    return this.transport.list('/api/v1/sessions', query, options);
  }

  /**
   * End a session of somebody in this workspace. It ends with the next request of the session. Only owners end sessions
   * of owners.
   *
   * `DELETE /api/v1/sessions/{id}`
   */
  end(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/sessions/${segment(id)}` }, options);
  }
}

/** Create and switch workspaces of the same installation. */
export class Workspaces extends Group {
  /**
   * Create a workspace as its owner. By default, only owners may. The operator changes this with `WORKSPACES`.
   *
   * `POST /api/v1/workspaces`
   */
  create(body: api.CreateWorkspaceBody, options?: CreateOptions): Promise<api.Workspace> {
    return this.transport.call({ method: 'POST', path: '/api/v1/workspaces', body, keyed: true }, options);
  }
}

/** The credentials of programs. */
export class Keys extends Group {
  /**
   * List API keys.
   *
   * `GET /api/v1/keys`
   */
  list(query: api.ListKeysQuery = {}, options?: RequestOptions): List<api.ApiKey> {
    return this.transport.list('/api/v1/keys', query, options);
  }

  /**
   * Create an API key. Only this answer contains the key: Recado stores a hash. With an `Idempotency-Key`, Recado keeps
   * the encrypted answer for 24 hours and repeats it to the same caller only.
   *
   * `POST /api/v1/keys`
   */
  create(body: api.CreateKeyBody, options?: CreateOptions): Promise<api.NewApiKey> {
    return this.transport.call({ method: 'POST', path: '/api/v1/keys', body, keyed: true }, options);
  }

  /**
   * Show an API key.
   *
   * `GET /api/v1/keys/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.ApiKey> {
    return this.transport.call({ method: 'GET', path: `/api/v1/keys/${segment(id)}` }, options);
  }

  /**
   * Rename an API key.
   *
   * `PATCH /api/v1/keys/{id}`
   */
  update(id: string, body: api.UpdateKeyBody, options?: RequestOptions): Promise<api.ApiKey> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/keys/${segment(id)}`, body }, options);
  }

  /**
   * Revoke an API key from the next request on.
   *
   * `DELETE /api/v1/keys/{id}`
   */
  revoke(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/keys/${segment(id)}` }, options);
  }
}

/** Who did what, when, and from which address. */
export class Audit extends Group {
  /**
   * List the audit log, newest first.
   *
   * `GET /api/v1/audit`
   */
  list(query: api.ListAuditEntriesQuery = {}, options?: RequestOptions): List<api.AuditEntry> {
    return this.transport.list('/api/v1/audit', query, options);
  }

  /**
   * Export the audit log as a file. The stream starts with the newest entry and includes this export. In CSV, an
   * apostrophe disarms texts that look like formulas.
   *
   * `GET /api/v1/audit/export`
   */
  export(query: api.ExportAuditEntriesQuery, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: '/api/v1/audit/export', query }, options);
  }
}

/** What was asked of the API in the last 7 days, by whom, and what it answered. */
export class Requests extends Group {
  /**
   * List the requests of the last 7 days, newest first. Requests of people and API keys of the workspace, without
   * queries, bodies and answers. A request appears about a second after its answer. A crash may take the last ones.
   *
   * `GET /api/v1/requests`
   */
  list(query: api.ListRequestsQuery = {}, options?: RequestOptions): List<api.ApiRequest> {
    return this.transport.list('/api/v1/requests', query, options);
  }
}

/** The settings of the workspace. */
export class Workspace extends Group {
  /**
   * Show the workspace.
   *
   * `GET /api/v1/workspace`
   */
  get(options?: RequestOptions): Promise<api.Workspace> {
    return this.transport.call({ method: 'GET', path: '/api/v1/workspace' }, options);
  }

  /**
   * Change the name, the retention, or how conversations of the workspace are closed.
   *
   * `PATCH /api/v1/workspace`
   */
  update(body: api.UpdateWorkspaceBody, options?: RequestOptions): Promise<api.Workspace> {
    return this.transport.call({ method: 'PATCH', path: '/api/v1/workspace', body }, options);
  }

  /**
   * Show whether texts are indexed for the search.
   *
   * `GET /api/v1/workspace/search`
   */
  searchSetting(options?: RequestOptions): Promise<api.SearchSetting> {
    return this.transport.call({ method: 'GET', path: '/api/v1/workspace/search' }, options);
  }

  /**
   * Index texts for the search, or stop it. The index takes disk: see the guide of teams. It is made beside the work,
   * newest messages last, and removed when it is turned off.
   *
   * `PUT /api/v1/workspace/search`
   */
  changeSearchSetting(body: api.ChangeSearchSettingBody, options?: RequestOptions): Promise<api.SearchSetting> {
    return this.transport.call({ method: 'PUT', path: '/api/v1/workspace/search', body }, options);
  }

  /**
   * Show what a retention would delete now, without deleting it. Counts what the next runs would delete with these
   * days. A field that is absent keeps all.
   *
   * `GET /api/v1/workspace/retention`
   */
  previewRetention(query: api.PreviewRetentionQuery = {}, options?: RequestOptions): Promise<api.RetentionPreview> {
    return this.transport.call({ method: 'GET', path: '/api/v1/workspace/retention', query }, options);
  }
}

/** The WhatsApp numbers of the workspace, their limits and their queues. */
export class Accounts extends Group {
  /**
   * List the channels with their capabilities, and whether this server serves them.
   *
   * `GET /api/v1/channels`
   */
  listChannels(options?: RequestOptions): Promise<api.ChannelList> {
    return this.transport.call({ method: 'GET', path: '/api/v1/channels' }, options);
  }

  /**
   * List accounts.
   *
   * `GET /api/v1/accounts`
   */
  list(query: api.ListAccountsQuery = {}, options?: RequestOptions): List<api.Account> {
    return this.transport.list('/api/v1/accounts', query, options);
  }

  /**
   * Create an account.
   *
   * `POST /api/v1/accounts`
   */
  create(body: api.CreateAccountBody, options?: CreateOptions): Promise<api.Account> {
    return this.transport.call({ method: 'POST', path: '/api/v1/accounts', body, keyed: true }, options);
  }

  /**
   * Check the credentials of a new account with WhatsApp, without creating it. It changes nothing, here and at Meta.
   *
   * `POST /api/v1/accounts/check`
   */
  checkNew(body: api.CheckNewAccountBody, options?: RequestOptions): Promise<api.NewAccountChecks> {
    return this.transport.call({ method: 'POST', path: '/api/v1/accounts/check', body }, options);
  }

  /**
   * List the business accounts and numbers that an access token may use. It asks Meta, changes nothing there, and
   * stores nothing here.
   *
   * `POST /api/v1/accounts/find-numbers`
   */
  findNumbers(body: api.FindNumbersBody, options?: RequestOptions): Promise<api.FoundNumbers> {
    return this.transport.call({ method: 'POST', path: '/api/v1/accounts/find-numbers', body }, options);
  }

  /**
   * Check the credentials and the number of an account with WhatsApp.
   *
   * `POST /api/v1/accounts/{id}/check`
   */
  check(id: string, options?: RequestOptions): Promise<api.AccountChecks> {
    return this.transport.call({ method: 'POST', path: `/api/v1/accounts/${segment(id)}/check` }, options);
  }

  /**
   * Save another access token or other secrets of an account, after they are checked.
   *
   * `PATCH /api/v1/accounts/{id}/credentials`
   */
  changeCredentials(id: string, body: api.ChangeCredentialsBody, options?: RequestOptions): Promise<api.Account> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/accounts/${segment(id)}/credentials`, body }, options);
  }

  /**
   * Show an account.
   *
   * `GET /api/v1/accounts/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.Account> {
    return this.transport.call({ method: 'GET', path: `/api/v1/accounts/${segment(id)}` }, options);
  }

  /**
   * Change the name, time zone or limits of an account.
   *
   * `PATCH /api/v1/accounts/{id}`
   */
  update(id: string, body: api.UpdateAccountBody, options?: RequestOptions): Promise<api.Account> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/accounts/${segment(id)}`, body }, options);
  }

  /**
   * Delete an account: cancel its queue, keep its history.
   *
   * `DELETE /api/v1/accounts/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/accounts/${segment(id)}` }, options);
  }

  /**
   * Hold the queue of an account until it is resumed.
   *
   * `POST /api/v1/accounts/{id}/pause`
   */
  pause(id: string, options?: RequestOptions): Promise<api.Account> {
    return this.transport.call({ method: 'POST', path: `/api/v1/accounts/${segment(id)}/pause` }, options);
  }

  /**
   * End any hold of the queue of an account, and try it again now.
   *
   * `POST /api/v1/accounts/{id}/resume`
   */
  resume(id: string, options?: RequestOptions): Promise<api.Account> {
    return this.transport.call({ method: 'POST', path: `/api/v1/accounts/${segment(id)}/resume` }, options);
  }

  /**
   * Cancel all queued and scheduled messages of an account.
   *
   * `DELETE /api/v1/accounts/{id}/queue`
   */
  clearQueue(id: string, options?: RequestOptions): Promise<api.ClearAccountQueueAnswer> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/accounts/${segment(id)}/queue` }, options);
  }

  /**
   * Show the queue of an account and why it is stopped.
   *
   * `GET /api/v1/accounts/{id}/queue`
   */
  getQueue(id: string, options?: RequestOptions): Promise<api.AccountQueue> {
    return this.transport.call({ method: 'GET', path: `/api/v1/accounts/${segment(id)}/queue` }, options);
  }
}

/** The links of accounts of WhatsApp Web to phones: codes, states, and their end. */
export class Links extends Group {
  /**
   * Show the link of an account to its phone.
   *
   * `GET /api/v1/accounts/{id}/link`
   */
  get(id: string, options?: RequestOptions): Promise<api.Link> {
    return this.transport.call({ method: 'GET', path: `/api/v1/accounts/${segment(id)}/link` }, options);
  }

  /**
   * Link the account to a phone. The answer comes before the first code. Read the code with `GET
   * /api/v1/accounts/:id/link`, or wait for the event `account.link_code_created`. A repeat begins from the start.
   *
   * `POST /api/v1/accounts/{id}/link`
   */
  start(id: string, body: api.StartLinkBody, options?: RequestOptions): Promise<api.Link> {
    return this.transport.call({ method: 'POST', path: `/api/v1/accounts/${segment(id)}/link`, body }, options);
  }

  /**
   * End the link of the account to its phone. It deletes the credentials and keys at once. If the phone is connected,
   * Recado also logs out at WhatsApp. Otherwise, or if WhatsApp does not confirm it within 20 seconds, `cause` becomes
   * `phone_may_keep`: remove the device on the phone.
   *
   * `POST /api/v1/accounts/{id}/unlink`
   */
  end(id: string, options?: RequestOptions): Promise<api.Link> {
    return this.transport.call({ method: 'POST', path: `/api/v1/accounts/${segment(id)}/unlink` }, options);
  }

  /**
   * The current QR code as an image.
   *
   * `GET /api/v1/accounts/{id}/link/qr.png`
   */
  getImage(id: string, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: `/api/v1/accounts/${segment(id)}/link/qr.png` }, options);
  }

  /**
   * The current QR code for a terminal with a dark background.
   *
   * `GET /api/v1/accounts/{id}/link/qr.txt`
   */
  getText(id: string, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: `/api/v1/accounts/${segment(id)}/link/qr.txt` }, options);
  }
}

/** Named filters of contacts, and static lists of them. */
export class Segments extends Group {
  /**
   * List the segments and static lists, by name.
   *
   * `GET /api/v1/segments`
   */
  list(query: api.ListSegmentsQuery = {}, options?: RequestOptions): Promise<api.SegmentList> {
    return this.transport.call({ method: 'GET', path: '/api/v1/segments', query }, options);
  }

  /**
   * Create a segment or a static list. A workspace has at most 200 of both. A list with a filter begins with the people
   * who fit now.
   *
   * `POST /api/v1/segments`
   */
  create(body: api.CreateSegmentBody, options?: CreateOptions): Promise<api.Segment> {
    return this.transport.call({ method: 'POST', path: '/api/v1/segments', body, keyed: true }, options);
  }

  /**
   * Show a segment.
   *
   * `GET /api/v1/segments/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.Segment> {
    return this.transport.call({ method: 'GET', path: `/api/v1/segments/${segment(id)}` }, options);
  }

  /**
   * Change the name or the filter of a segment.
   *
   * `PATCH /api/v1/segments/{id}`
   */
  update(id: string, body: api.UpdateSegmentBody, options?: RequestOptions): Promise<api.Segment> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/segments/${segment(id)}`, body }, options);
  }

  /**
   * Delete a segment or a list: its people stay.
   *
   * `DELETE /api/v1/segments/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/segments/${segment(id)}` }, options);
  }

  /**
   * Count who belongs to a filter or a segment. Exact up to 10,000, with the countries, the people whom a campaign
   * could reach, and six of them. If you are limited to some accounts, only their conversations count.
   *
   * `POST /api/v1/segments/count`
   */
  count(body: api.CountSegmentBody = {}, options?: RequestOptions): Promise<api.SegmentCount> {
    return this.transport.call({ method: 'POST', path: '/api/v1/segments/count', body }, options);
  }

  /**
   * Add contacts to a static list, or remove them. The contacts with these ids, or all that fit a filter, at most
   * 10000. All change together.
   *
   * `POST /api/v1/segments/{id}/members`
   */
  changeMembers(id: string, body: api.ChangeMembersBody, options?: RequestOptions): Promise<api.ChangedMembers> {
    return this.transport.call({ method: 'POST', path: `/api/v1/segments/${segment(id)}/members`, body }, options);
  }
}

/** Your own fields of contacts. */
export class ContactFields extends Group {
  /**
   * List the fields of contacts, in their order.
   *
   * `GET /api/v1/contact-fields`
   */
  list(options?: RequestOptions): Promise<api.ContactFieldList> {
    return this.transport.call({ method: 'GET', path: '/api/v1/contact-fields' }, options);
  }

  /**
   * Create a field of contacts. A workspace has at most 100.
   *
   * `POST /api/v1/contact-fields`
   */
  create(body: api.CreateContactFieldBody, options?: CreateOptions): Promise<api.ContactField> {
    return this.transport.call({ method: 'POST', path: '/api/v1/contact-fields', body, keyed: true }, options);
  }

  /**
   * Change the name, the choices or the place of a field.
   *
   * `PATCH /api/v1/contact-fields/{id}`
   */
  update(id: string, body: api.UpdateContactFieldBody, options?: RequestOptions): Promise<api.ContactField> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/contact-fields/${segment(id)}`, body }, options);
  }

  /**
   * Delete a field with its values. Contacts lose the values within minutes. Until then, no new field can have the key.
   *
   * `DELETE /api/v1/contact-fields/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/contact-fields/${segment(id)}` }, options);
  }
}

/** Names with colours, on contacts or on conversations. */
export class Labels extends Group {
  /**
   * List the labels, by name.
   *
   * `GET /api/v1/labels`
   */
  list(query: api.ListLabelsQuery = {}, options?: RequestOptions): Promise<api.LabelList> {
    return this.transport.call({ method: 'GET', path: '/api/v1/labels', query }, options);
  }

  /**
   * Create a label. A workspace has at most 200.
   *
   * `POST /api/v1/labels`
   */
  create(body: api.CreateLabelBody, options?: CreateOptions): Promise<api.Label> {
    return this.transport.call({ method: 'POST', path: '/api/v1/labels', body, keyed: true }, options);
  }

  /**
   * Change the name or the colour of a label.
   *
   * `PATCH /api/v1/labels/{id}`
   */
  update(id: string, body: api.UpdateLabelBody, options?: RequestOptions): Promise<api.Label> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/labels/${segment(id)}`, body }, options);
  }

  /**
   * Delete a label: nothing has it any more.
   *
   * `DELETE /api/v1/labels/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/labels/${segment(id)}` }, options);
  }

  /**
   * Give many contacts a label, or take it from them. The contacts with these ids, or all that fit a filter, at most
   * 10000. All change together.
   *
   * `POST /api/v1/labels/{id}/contacts`
   */
  apply(id: string, body: api.ApplyLabelBody, options?: RequestOptions): Promise<api.LabelledContacts> {
    return this.transport.call({ method: 'POST', path: `/api/v1/labels/${segment(id)}/contacts`, body }, options);
  }
}

/** All messages between one account and one contact. */
export class Conversations extends Group {
  /**
   * Open a conversation. The conversation of an account with a person, by number or contact. Recado creates what is
   * missing (201), or shows what there is (200). Nothing is sent.
   *
   * `POST /api/v1/conversations`
   */
  open(body: api.OpenConversationBody, options?: CreateOptions): Promise<api.Conversation> {
    return this.transport.call({ method: 'POST', path: '/api/v1/conversations', body, keyed: true }, options);
  }

  /**
   * List conversations, by default the latest first.
   *
   * `GET /api/v1/conversations`
   */
  list(query: api.ListConversationsQuery = {}, options?: RequestOptions): List<api.Conversation> {
    return this.transport.list('/api/v1/conversations', query, options);
  }

  /**
   * Give a conversation a label.
   *
   * `PUT /api/v1/conversations/{id}/labels/{label_id}`
   */
  label(id: string, label_id: string, options?: RequestOptions): Promise<api.Conversation> {
    return this.transport.call({ method: 'PUT', path: `/api/v1/conversations/${segment(id)}/labels/${segment(label_id)}` }, options);
  }

  /**
   * Take a label from a conversation.
   *
   * `DELETE /api/v1/conversations/{id}/labels/{label_id}`
   */
  unlabel(id: string, label_id: string, options?: RequestOptions): Promise<api.Conversation> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/conversations/${segment(id)}/labels/${segment(label_id)}` }, options);
  }

  /**
   * Show a conversation.
   *
   * `GET /api/v1/conversations/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.Conversation> {
    return this.transport.call({ method: 'GET', path: `/api/v1/conversations/${segment(id)}` }, options);
  }

  /**
   * Mark a conversation as unread. Its `unread_count` is at least 1 until somebody marks a message of it as read.
   * Nothing is sent to WhatsApp.
   *
   * `PUT /api/v1/conversations/{id}/unread`
   */
  markUnread(id: string, options?: RequestOptions): Promise<api.Conversation> {
    return this.transport.call({ method: 'PUT', path: `/api/v1/conversations/${segment(id)}/unread` }, options);
  }

  /**
   * Remove the mark that a conversation is unread. Unread messages stay unread: mark a message as read instead.
   *
   * `DELETE /api/v1/conversations/{id}/unread`
   */
  unmarkUnread(id: string, options?: RequestOptions): Promise<api.Conversation> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/conversations/${segment(id)}/unread` }, options);
  }

  /**
   * Take, pass on or release a conversation. For numbers that several partners, or an agent of WhatsApp, answer. Recado
   * asks WhatsApp at once, and once.
   *
   * `POST /api/v1/conversations/{id}/control`
   */
  control(id: string, body: api.ControlConversationBody, options?: RequestOptions): Promise<api.Conversation> {
    return this.transport.call({ method: 'POST', path: `/api/v1/conversations/${segment(id)}/control`, body }, options);
  }

  /**
   * Close a conversation. Nothing is to be done in it. Nothing is sent, and messages that wait still leave. It opens
   * again with the next message of the person. A reaction leaves it closed, and so do a few words of thanks in the
   * first ten minutes.
   *
   * `POST /api/v1/conversations/{id}/close`
   */
  close(id: string, body: api.CloseConversationBody = {}, options?: RequestOptions): Promise<api.Conversation> {
    return this.transport.call({ method: 'POST', path: `/api/v1/conversations/${segment(id)}/close`, body }, options);
  }

  /**
   * Snooze a conversation. It opens again at the time, and before it if the person writes. A reaction leaves it
   * snoozed.
   *
   * `POST /api/v1/conversations/{id}/snooze`
   */
  snooze(id: string, body: api.SnoozeConversationBody = {}, options?: RequestOptions): Promise<api.Conversation> {
    return this.transport.call({ method: 'POST', path: `/api/v1/conversations/${segment(id)}/snooze`, body }, options);
  }

  /**
   * Reopen a conversation. Its episode goes on. A conversation without an episode begins its first one.
   *
   * `POST /api/v1/conversations/{id}/reopen`
   */
  reopen(id: string, options?: RequestOptions): Promise<api.Conversation> {
    return this.transport.call({ method: 'POST', path: `/api/v1/conversations/${segment(id)}/reopen` }, options);
  }

  /**
   * Assign a conversation. To a person, to a program by its API key, or to nobody, without either; and to a team, which
   * then gives it out. Also hands it over, with a reason and a note. A message of a person takes a conversation from a
   * program. A key cannot give a program a conversation that a person has.
   *
   * `POST /api/v1/conversations/{id}/assign`
   */
  assign(id: string, body: api.AssignConversationBody = {}, options?: CreateOptions): Promise<api.Conversation> {
    return this.transport.call({ method: 'POST', path: `/api/v1/conversations/${segment(id)}/assign`, body, keyed: true }, options);
  }

  /**
   * List the changes of the state of a conversation, newest first.
   *
   * `GET /api/v1/conversations/{id}/changes`
   */
  listChanges(id: string, query: api.ListConversationChangesQuery = {}, options?: RequestOptions): List<api.ConversationChange> {
    return this.transport.list(`/api/v1/conversations/${segment(id)}/changes`, query, options);
  }

  /**
   * List the episodes of a conversation, newest first. An episode begins with the first message of the person after a
   * close, or with a message that one of you wrote, and ends with the close. Messages of programs and campaigns begin
   * none, nor does imported history.
   *
   * `GET /api/v1/conversations/{id}/episodes`
   */
  listEpisodes(id: string, query: api.ListEpisodesQuery = {}, options?: RequestOptions): List<api.Episode> {
    return this.transport.list(`/api/v1/conversations/${segment(id)}/episodes`, query, options);
  }

  /**
   * List who follows a conversation, by name.
   *
   * `GET /api/v1/conversations/{id}/followers`
   */
  listFollowers(id: string, options?: RequestOptions): Promise<api.Followers> {
    return this.transport.call({ method: 'GET', path: `/api/v1/conversations/${segment(id)}/followers` }, options);
  }

  /**
   * Follow a conversation. Its messages are told to you as `followed`. Who writes a note, or is named in one, follows
   * too.
   *
   * `PUT /api/v1/conversations/{id}/follow`
   */
  follow(id: string, options?: RequestOptions): Promise<api.Followers> {
    return this.transport.call({ method: 'PUT', path: `/api/v1/conversations/${segment(id)}/follow` }, options);
  }

  /**
   * Follow a conversation no longer.
   *
   * `DELETE /api/v1/conversations/{id}/follow`
   */
  unfollow(id: string, options?: RequestOptions): Promise<api.Followers> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/conversations/${segment(id)}/follow` }, options);
  }

  /**
   * Count the conversations of each view. The counts of saved views are of all accounts, unless a view names one.
   *
   * `GET /api/v1/conversations/counts`
   */
  count(query: api.CountConversationsQuery = {}, options?: RequestOptions): Promise<api.ConversationCounts> {
    return this.transport.call({ method: 'GET', path: '/api/v1/conversations/counts', query }, options);
  }

  /**
   * List the messages of a conversation, newest first. With `before` or `after`, the messages on one side of a message
   * or note: so a client shows any part of a long conversation.
   *
   * `GET /api/v1/conversations/{id}/messages`
   */
  listMessages(id: string, query: api.ListConversationMessagesQuery = {}, options?: RequestOptions): List<api.Message> {
    return this.transport.list(`/api/v1/conversations/${segment(id)}/messages`, query, options);
  }

  /**
   * Export a conversation as a CSV file. A line for each message and note, oldest first. Files are named, not
   * contained. An apostrophe disarms texts that look like formulas.
   *
   * `GET /api/v1/conversations/{id}/export`
   */
  export(id: string, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: `/api/v1/conversations/${segment(id)}/export` }, options);
  }

  /**
   * Show the person that you are typing. It also marks the messages of the person as read. WhatsApp shows typing until
   * you send a message, for 25 seconds at most.
   *
   * `POST /api/v1/conversations/{id}/typing`
   */
  showTyping(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'POST', path: `/api/v1/conversations/${segment(id)}/typing` }, options);
  }
}

/** The people who send and receive messages. */
export class Contacts extends Group {
  /**
   * List and search contacts.
   *
   * `GET /api/v1/contacts`
   */
  list(query: api.ListContactsQuery = {}, options?: RequestOptions): List<api.Contact> {
    return this.transport.list('/api/v1/contacts', query, options);
  }

  /**
   * Create a contact.
   *
   * `POST /api/v1/contacts`
   */
  create(body: api.CreateContactBody = {}, options?: CreateOptions): Promise<api.Contact> {
    return this.transport.call({ method: 'POST', path: '/api/v1/contacts', body, keyed: true }, options);
  }

  /**
   * Export contacts as a CSV file. The filters are those of the list. Each of your fields is a column. An apostrophe
   * disarms texts that look like formulas.
   *
   * `GET /api/v1/contacts/export`
   */
  export(query: api.ExportContactsQuery = {}, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: '/api/v1/contacts/export', query }, options);
  }

  /**
   * Give a contact a label.
   *
   * `PUT /api/v1/contacts/{id}/labels/{label_id}`
   */
  label(id: string, label_id: string, options?: RequestOptions): Promise<api.Contact> {
    return this.transport.call({ method: 'PUT', path: `/api/v1/contacts/${segment(id)}/labels/${segment(label_id)}` }, options);
  }

  /**
   * Take a label from a contact.
   *
   * `DELETE /api/v1/contacts/{id}/labels/{label_id}`
   */
  unlabel(id: string, label_id: string, options?: RequestOptions): Promise<api.Contact> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/contacts/${segment(id)}/labels/${segment(label_id)}` }, options);
  }

  /**
   * Show a contact.
   *
   * `GET /api/v1/contacts/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.Contact> {
    return this.transport.call({ method: 'GET', path: `/api/v1/contacts/${segment(id)}` }, options);
  }

  /**
   * Change a contact: name, phone number, reference, metadata, language, fields, labels.
   *
   * `PATCH /api/v1/contacts/{id}`
   */
  update(id: string, body: api.UpdateContactBody, options?: RequestOptions): Promise<api.Contact> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/contacts/${segment(id)}`, body }, options);
  }

  /**
   * Delete a contact: cancel its queued messages, keep its history.
   *
   * `DELETE /api/v1/contacts/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/contacts/${segment(id)}` }, options);
  }

  /**
   * Merge another contact into this one. For two contacts that are one person. This one keeps its id and gets the
   * messages, the numbers, the labels and the opt-outs of the other. Nobody can undo it.
   *
   * `POST /api/v1/contacts/{id}/merge`
   */
  merge(id: string, body: api.MergeContactsBody, options?: RequestOptions): Promise<api.Contact> {
    return this.transport.call({ method: 'POST', path: `/api/v1/contacts/${segment(id)}/merge`, body }, options);
  }
}

/** Who gets which conversations, how many, and who is online. */
export class Teams extends Group {
  /**
   * List the teams, by name. With their members, who of them is online, and how much each has.
   *
   * `GET /api/v1/teams`
   */
  list(options?: RequestOptions): Promise<api.TeamList> {
    return this.transport.call({ method: 'GET', path: '/api/v1/teams' }, options);
  }

  /**
   * Create a team. A workspace has at most 50.
   *
   * `POST /api/v1/teams`
   */
  create(body: api.CreateTeamBody, options?: CreateOptions): Promise<api.Team> {
    return this.transport.call({ method: 'POST', path: '/api/v1/teams', body, keyed: true }, options);
  }

  /**
   * Show a team.
   *
   * `GET /api/v1/teams/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.Team> {
    return this.transport.call({ method: 'GET', path: `/api/v1/teams/${segment(id)}` }, options);
  }

  /**
   * Change a team: its settings, members and accounts. Conversations that it has assigned stay assigned, and running
   * deadlines stay.
   *
   * `PATCH /api/v1/teams/{id}`
   */
  update(id: string, body: api.UpdateTeamBody, options?: RequestOptions): Promise<api.Team> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/teams/${segment(id)}`, body }, options);
  }

  /**
   * Delete a team. Its open and snoozed conversations are of no team any more; who has one keeps it. Threads still name
   * it.
   *
   * `DELETE /api/v1/teams/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/teams/${segment(id)}` }, options);
  }

  /**
   * List who is online, away and offline, by name.
   *
   * `GET /api/v1/availability`
   */
  availability(options?: RequestOptions): Promise<api.AvailabilityList> {
    return this.transport.call({ method: 'GET', path: '/api/v1/availability' }, options);
  }
}

/** Filters of conversations under a name, of one caller or of the workspace. */
export class SavedViews extends Group {
  /**
   * List the saved views of the caller, of their teams and of the workspace, by name.
   *
   * `GET /api/v1/saved-views`
   */
  list(options?: RequestOptions): Promise<api.SavedViewList> {
    return this.transport.call({ method: 'GET', path: '/api/v1/saved-views' }, options);
  }

  /**
   * Save a view. A view of a team or of the workspace needs the permission contacts.configure. Each caller has at most
   * 30 views, and so have each team and the workspace.
   *
   * `POST /api/v1/saved-views`
   */
  create(body: api.CreateSavedViewBody, options?: CreateOptions): Promise<api.SavedView> {
    return this.transport.call({ method: 'POST', path: '/api/v1/saved-views', body, keyed: true }, options);
  }

  /**
   * Change the name or the filter of a saved view.
   *
   * `PATCH /api/v1/saved-views/{id}`
   */
  update(id: string, body: api.UpdateSavedViewBody, options?: RequestOptions): Promise<api.SavedView> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/saved-views/${segment(id)}`, body }, options);
  }

  /**
   * Delete a saved view.
   *
   * `DELETE /api/v1/saved-views/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/saved-views/${segment(id)}` }, options);
  }
}

/** What your people write about a conversation for each other. Nothing sends it. */
export class Notes extends Group {
  /**
   * List the notes of a conversation, newest first. Deleted ones are there too, without their text.
   *
   * `GET /api/v1/conversations/{id}/notes`
   */
  list(id: string, query: api.ListNotesQuery = {}, options?: RequestOptions): List<api.Note> {
    return this.transport.list(`/api/v1/conversations/${segment(id)}/notes`, query, options);
  }

  /**
   * Write a note about a conversation. Only your team sees it. It is no message, so nothing sends it or its files.
   *
   * `POST /api/v1/conversations/{id}/notes`
   */
  create(id: string, body: api.CreateNoteBody = {}, options?: CreateOptions): Promise<api.Note> {
    return this.transport.call({ method: 'POST', path: `/api/v1/conversations/${segment(id)}/notes`, body, keyed: true }, options);
  }

  /**
   * Edit a note. Its author may, for 15 minutes. It then has `edited_at`.
   *
   * `PATCH /api/v1/notes/{id}`
   */
  update(id: string, body: api.UpdateNoteBody, options?: RequestOptions): Promise<api.Note> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/notes/${segment(id)}`, body }, options);
  }

  /**
   * Delete a note. Its author may. Its text and its files are gone for good; its place in the thread stays.
   *
   * `DELETE /api/v1/notes/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<api.Note> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/notes/${segment(id)}` }, options);
  }
}

/** Send, track, list and count messages, one by one or in batches. */
export class Messages extends Group {
  /**
   * Search in the text of messages and notes, newest first. Words need the index of texts, which is on in new
   * workspaces. At most 101 are found, so a total of 101 means more than 100.
   *
   * `GET /api/v1/messages/search`
   */
  search(query: api.SearchMessagesQuery, options?: RequestOptions): List<api.FoundMessage> {
    return this.transport.list('/api/v1/messages/search', query, options);
  }

  /**
   * Send a message. Recado answers 202 once it has stored the message durably. `GET /api/v1/messages/:id` shows its
   * progress.
   *
   * `POST /api/v1/messages`
   */
  send(body: api.SendMessage, options?: CreateOptions): Promise<api.Message> {
    return this.transport.call({ method: 'POST', path: '/api/v1/messages', body, keyed: true }, options);
  }

  /**
   * List messages, newest first or oldest first. The order is that of acceptance or receipt; with `from` or `until`,
   * that of `created_at`. A cursor belongs to its filters. To poll for new messages and changed ones, ask with
   * `order=asc` and `updated_since` one minute before the first request of your previous poll, and skip what you know:
   * a change can appear late.
   *
   * `GET /api/v1/messages`
   */
  list(query: api.ListMessagesQuery = {}, options?: RequestOptions): List<api.Message> {
    return this.transport.list('/api/v1/messages', query, options);
  }

  /**
   * Show a message with its timeline.
   *
   * `GET /api/v1/messages/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.MessageDetails> {
    return this.transport.call({ method: 'GET', path: `/api/v1/messages/${segment(id)}` }, options);
  }

  /**
   * Send up to 1,000 messages, each accepted or rejected by itself.
   *
   * `POST /api/v1/messages/batch`
   */
  sendBatch(body: api.SendMessagesBody, options?: CreateOptions): Promise<api.BatchAccepted> {
    return this.transport.call({ method: 'POST', path: '/api/v1/messages/batch', body, keyed: true }, options);
  }

  /**
   * Send a one-time code. Recado sends your code by an AUTHENTICATION template of the account, with high priority, and
   * not after it is no longer valid.
   *
   * `POST /api/v1/otp`
   */
  sendCode(body: api.SendCode, options?: CreateOptions): Promise<api.Message> {
    return this.transport.call({ method: 'POST', path: '/api/v1/otp', body, keyed: true }, options);
  }

  /**
   * Mark an inbound message, and those before it, as read.
   *
   * `PUT /api/v1/messages/{id}/read`
   */
  markRead(id: string, options?: RequestOptions): Promise<api.MessageDetails> {
    return this.transport.call({ method: 'PUT', path: `/api/v1/messages/${segment(id)}/read` }, options);
  }

  /**
   * Cancel a message that is scheduled or queued.
   *
   * `POST /api/v1/messages/{id}/cancel`
   */
  cancel(id: string, options?: RequestOptions): Promise<api.MessageDetails> {
    return this.transport.call({ method: 'POST', path: `/api/v1/messages/${segment(id)}/cancel` }, options);
  }

  /**
   * Send a failed message again.
   *
   * `POST /api/v1/messages/{id}/retry`
   */
  retry(id: string, options?: RequestOptions): Promise<api.MessageDetails> {
    return this.transport.call({ method: 'POST', path: `/api/v1/messages/${segment(id)}/retry` }, options);
  }

  /**
   * Resolve a message whose outcome is unknown.
   *
   * `POST /api/v1/messages/{id}/resolve`
   */
  resolve(id: string, body: api.ResolveMessageBody, options?: RequestOptions): Promise<api.MessageDetails> {
    return this.transport.call({ method: 'POST', path: `/api/v1/messages/${segment(id)}/resolve`, body }, options);
  }

  /**
   * Cancel all queued and scheduled messages that match the filters.
   *
   * `POST /api/v1/messages/cancel`
   */
  cancelAll(body: api.CancelMessagesBody, options?: RequestOptions): Promise<api.CancelMessagesAnswer> {
    return this.transport.call({ method: 'POST', path: '/api/v1/messages/cancel', body }, options);
  }

  /**
   * Send failed messages that match the filters again, up to 10,000. Recado skips messages that expired, whose account
   * is `disconnected`, or whose file was deleted. It skips `unknown_outcome` unless `error_code` names it: these
   * messages may have arrived.
   *
   * `POST /api/v1/messages/retry`
   */
  retryAll(body: api.RetryMessagesBody, options?: RequestOptions): Promise<api.RetryMessagesAnswer> {
    return this.transport.call({ method: 'POST', path: '/api/v1/messages/retry', body }, options);
  }

  /**
   * Resolve messages with an unknown outcome that match the filters, up to 1,000. With `ids`, it also resolves messages
   * that failed with `unknown_outcome`. With `retry`, Recado skips messages whose account or contact was deleted or
   * whose person opted out.
   *
   * `POST /api/v1/messages/resolve`
   */
  resolveAll(body: api.ResolveMessagesBody, options?: RequestOptions): Promise<api.ResolveMessagesAnswer> {
    return this.transport.call({ method: 'POST', path: '/api/v1/messages/resolve', body }, options);
  }

  /**
   * Show why messages wait, by their ids.
   *
   * `GET /api/v1/messages/waiting`
   */
  waiting(query: api.GetMessageReasonsQuery, options?: RequestOptions): Promise<api.MessageReasons> {
    return this.transport.call({ method: 'GET', path: '/api/v1/messages/waiting', query }, options);
  }

  /**
   * Count messages by status, type, day and account. Days are in UTC. Deleted messages stay counted, except in the
   * quarters of an hour that the range cuts. The default range is the last 30 days, up to `until` if given. With
   * `contact_id` or `conversation_id`, deleted messages do not count.
   *
   * `GET /api/v1/messages/statistics`
   */
  statistics(query: api.GetMessageStatisticsQuery = {}, options?: RequestOptions): Promise<api.Statistics> {
    return this.transport.call({ method: 'GET', path: '/api/v1/messages/statistics', query }, options);
  }

  /**
   * Count messages by hour or day of a time zone, and failed ones by error. The default range is the last 24 hours, or
   * the last 30 days. Deleted messages stay counted, except in the quarters of an hour that the range cuts. A bucket
   * lasts until the next one: where a clock change falls into an hour, an hour begins with the change.
   *
   * `GET /api/v1/messages/statistics/series`
   */
  series(query: api.GetMessageSeriesQuery = {}, options?: RequestOptions): Promise<api.MessageSeries> {
    return this.transport.call({ method: 'GET', path: '/api/v1/messages/statistics/series', query }, options);
  }
}

/** Many conversations closed, snoozed, assigned or labelled at once, and undone. */
export class ConversationJobs extends Group {
  /**
   * Change many conversations at once. Up to 500 are done in the request; more by a worker, which goes on after a
   * crash. A close and a snooze leave out conversations whose person wrote meanwhile.
   *
   * `POST /api/v1/conversation-jobs`
   */
  create(body: api.CreateConversationJobBody, options?: CreateOptions): Promise<api.ConversationJob> {
    return this.transport.call({ method: 'POST', path: '/api/v1/conversation-jobs', body, keyed: true }, options);
  }

  /**
   * List your jobs of the last 7 days, newest first.
   *
   * `GET /api/v1/conversation-jobs`
   */
  list(query: api.ListConversationJobsQuery = {}, options?: RequestOptions): List<api.ConversationJob> {
    return this.transport.list('/api/v1/conversation-jobs', query, options);
  }

  /**
   * Show a job of yours.
   *
   * `GET /api/v1/conversation-jobs/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.ConversationJob> {
    return this.transport.call({ method: 'GET', path: `/api/v1/conversation-jobs/${segment(id)}` }, options);
  }

  /**
   * Stop a job of yours. Its changes stay until you undo them.
   *
   * `POST /api/v1/conversation-jobs/{id}/stop`
   */
  stop(id: string, options?: RequestOptions): Promise<api.ConversationJob> {
    return this.transport.call({ method: 'POST', path: `/api/v1/conversation-jobs/${segment(id)}/stop` }, options);
  }

  /**
   * Undo a job of yours. A change that somebody made since stays.
   *
   * `POST /api/v1/conversation-jobs/{id}/undo`
   */
  undo(id: string, options?: RequestOptions): Promise<api.ConversationJob> {
    return this.transport.call({ method: 'POST', path: `/api/v1/conversation-jobs/${segment(id)}/undo` }, options);
  }
}

/** Texts that people write often, with variables and files. */
export class SavedReplies extends Group {
  /**
   * List the saved replies of the caller, of their teams and of the workspace, the most used first.
   *
   * `GET /api/v1/saved-replies`
   */
  list(query: api.ListSavedRepliesQuery = {}, options?: RequestOptions): List<api.SavedReply> {
    return this.transport.list('/api/v1/saved-replies', query, options);
  }

  /**
   * Save a reply. A reply of a team or of the workspace needs the permission replies.manage. Each caller has at most
   * 500, and so have each team and the workspace. A text with an unknown variable is rejected, and so is a template
   * that is not approved.
   *
   * `POST /api/v1/saved-replies`
   */
  create(body: api.CreateSavedReplyBody, options?: CreateOptions): Promise<api.SavedReply> {
    return this.transport.call({ method: 'POST', path: '/api/v1/saved-replies', body, keyed: true }, options);
  }

  /**
   * Show a saved reply.
   *
   * `GET /api/v1/saved-replies/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.SavedReply> {
    return this.transport.call({ method: 'GET', path: `/api/v1/saved-replies/${segment(id)}` }, options);
  }

  /**
   * Change a saved reply.
   *
   * `PATCH /api/v1/saved-replies/{id}`
   */
  update(id: string, body: api.UpdateSavedReplyBody, options?: RequestOptions): Promise<api.SavedReply> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/saved-replies/${segment(id)}`, body }, options);
  }

  /**
   * Delete a saved reply.
   *
   * `DELETE /api/v1/saved-replies/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/saved-replies/${segment(id)}` }, options);
  }

  /**
   * Count that somebody used a saved reply. The count of the last 30 days puts what people use most first. Nothing is
   * sent.
   *
   * `POST /api/v1/saved-replies/{id}/use`
   */
  use(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'POST', path: `/api/v1/saved-replies/${segment(id)}/use` }, options);
  }
}

/** Export or erase all data about a contact. */
export class Privacy extends Group {
  /**
   * Export all data about a contact as one JSON document. The stream contains the contact, its conversations, its
   * messages with events and attempts, webhook items that Recado could not process, and notices of WhatsApp. A
   * truncated document is not valid JSON.
   *
   * `GET /api/v1/contacts/{id}/export`
   */
  exportContact(id: string, options?: RequestOptions): Promise<api.ContactExport> {
    return this.transport.call({ method: 'GET', path: `/api/v1/contacts/${segment(id)}/export` }, options);
  }

  /**
   * Erase a contact and all data about it permanently. It works for deleted contacts too. Recado cancels queued
   * messages first. The answer is the record of the erasure, the same for each repeat.
   *
   * `POST /api/v1/contacts/{id}/erase`
   */
  eraseContact(id: string, options?: CreateOptions): Promise<api.Erasure> {
    return this.transport.call({ method: 'POST', path: `/api/v1/contacts/${segment(id)}/erase`, keyed: true }, options);
  }

  /**
   * List the records of erased contacts, newest first.
   *
   * `GET /api/v1/erasures`
   */
  listErasures(query: api.ListErasuresQuery = {}, options?: RequestOptions): List<api.Erasure> {
    return this.transport.list('/api/v1/erasures', query, options);
  }
}

/** Uploaded files, and files that came with messages. */
export class Media extends Group {
  /**
   * Download a file of an inbound message again. The file must be failed or expired. A pending file does not change.
   *
   * `POST /api/v1/media/{id}/retry`
   */
  retry(id: string, options?: RequestOptions): Promise<api.Media> {
    return this.transport.call({ method: 'POST', path: `/api/v1/media/${segment(id)}/retry` }, options);
  }

  /**
   * Upload a file. Send the file in the field `file` of a form, or a link as JSON. Recado detects the type from the
   * content. A workspace stores the same content once.
   *
   * `POST /api/v1/media`
   */
  upload(body: api.UploadMediaForm | api.UploadMediaBody, options?: CreateOptions): Promise<api.Media> {
    return this.transport.call({ method: 'POST', path: '/api/v1/media', body, keyed: true }, options);
  }

  /**
   * List files.
   *
   * `GET /api/v1/media`
   */
  list(query: api.ListMediaQuery = {}, options?: RequestOptions): List<api.Media> {
    return this.transport.list('/api/v1/media', query, options);
  }

  /**
   * Show the limits for uploads.
   *
   * `GET /api/v1/media/capabilities`
   */
  getCapabilities(options?: RequestOptions): Promise<api.MediaCapabilities> {
    return this.transport.call({ method: 'GET', path: '/api/v1/media/capabilities' }, options);
  }

  /**
   * Show a file.
   *
   * `GET /api/v1/media/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.Media> {
    return this.transport.call({ method: 'GET', path: `/api/v1/media/${segment(id)}` }, options);
  }

  /**
   * Delete a file. Recado deletes the content with the last file that uses it.
   *
   * `DELETE /api/v1/media/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/media/${segment(id)}` }, options);
  }

  /**
   * Download a file. Supports one `Range`, `If-Range` and `If-None-Match`. The ETag is the SHA-256 of the content.
   *
   * `GET /api/v1/media/{id}/content`
   */
  download(id: string, query: api.GetMediaContentQuery = {}, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: `/api/v1/media/${segment(id)}/content`, query }, options);
  }

  /**
   * Download the thumbnail of an image, as webp. Supports one `Range`, `If-Range` and `If-None-Match`. The ETag is the
   * SHA-256 of the thumbnail.
   *
   * `GET /api/v1/media/{id}/thumbnail`
   */
  downloadThumbnail(id: string, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: `/api/v1/media/${segment(id)}/thumbnail` }, options);
  }

  /**
   * Create a link to a file that needs no credentials.
   *
   * `POST /api/v1/media/{id}/link`
   */
  createLink(id: string, body: api.CreateMediaLinkBody = {}, options?: RequestOptions): Promise<api.MediaLink> {
    return this.transport.call({ method: 'POST', path: `/api/v1/media/${segment(id)}/link`, body }, options);
  }
}

/** Send, track, list and count messages, one by one or in batches. */
export class Batches extends Group {
  /**
   * List batches with their progress, newest first. A caller limited to some accounts sees of each batch what `GET
   * /api/v1/batches/:id` shows.
   *
   * `GET /api/v1/batches`
   */
  list(query: api.ListBatchesQuery = {}, options?: RequestOptions): List<api.Batch> {
    return this.transport.list('/api/v1/batches', query, options);
  }

  /**
   * Show the progress of a batch. A caller limited to some accounts sees only their messages of other callers’ batches:
   * `total`, `accepted` and `by_status` count these. Without any, the batch is not found. `done` is about the whole
   * batch.
   *
   * `GET /api/v1/batches/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.Batch> {
    return this.transport.call({ method: 'GET', path: `/api/v1/batches/${segment(id)}` }, options);
  }
}

/** Who wants no messages, or no marketing messages. */
export class OptOuts extends Group {
  /**
   * List opt-outs, newest first.
   *
   * `GET /api/v1/opt-outs`
   */
  list(query: api.ListOptOutsQuery = {}, options?: RequestOptions): List<api.OptOut> {
    return this.transport.list('/api/v1/opt-outs', query, options);
  }

  /**
   * Opt a person out of marketing or of all messages. Recado cancels what waits for the person, and rejects new
   * messages with `opted_out`. A message that is being sent at this moment still goes out. An opt-out that exists
   * already stays as it is.
   *
   * `POST /api/v1/opt-outs`
   */
  create(body: api.CreateOptOutBody, options?: CreateOptions): Promise<api.OptOut> {
    return this.transport.call({ method: 'POST', path: '/api/v1/opt-outs', body, keyed: true }, options);
  }

  /**
   * Export opt-outs as a CSV file. An apostrophe disarms texts that look like formulas.
   *
   * `GET /api/v1/opt-outs/export`
   */
  export(query: api.ExportOptOutsQuery = {}, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: '/api/v1/opt-outs/export', query }, options);
  }

  /**
   * Remove an opt-out. Only if the person agrees. Messages that were cancelled stay cancelled.
   *
   * `DELETE /api/v1/opt-outs/{id}`
   */
  remove(id: string, body: api.RemoveOptOutBody, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/opt-outs/${segment(id)}`, body }, options);
  }

  /**
   * List the ledger: opt-outs, their ends and consents, newest first. Recado only adds to the ledger. After an erasure,
   * hashes take the place of the contact.
   *
   * `GET /api/v1/opt-outs/ledger`
   */
  listLedger(query: api.ListOptOutLedgerQuery = {}, options?: RequestOptions): List<api.LedgerEntry> {
    return this.transport.list('/api/v1/opt-outs/ledger', query, options);
  }

  /**
   * Export the ledger as a CSV file. An apostrophe disarms texts that look like formulas.
   *
   * `GET /api/v1/opt-outs/ledger/export`
   */
  exportLedger(query: api.ExportOptOutLedgerQuery = {}, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: '/api/v1/opt-outs/ledger/export', query }, options);
  }

  /**
   * Record that a person agreed to messages. Recado adds an entry to the ledger. An opt-out stays: remove it with
   * `DELETE /api/v1/opt-outs/:id`, if the person agrees.
   *
   * `POST /api/v1/consents`
   */
  createConsent(body: api.CreateConsentBody, options?: CreateOptions): Promise<api.LedgerEntry> {
    return this.transport.call({ method: 'POST', path: '/api/v1/consents', body, keyed: true }, options);
  }

  /**
   * List messages that may mean an opt-out, newest first.
   *
   * `GET /api/v1/opt-outs/suggestions`
   */
  listSuggestions(query: api.ListOptOutSuggestionsQuery = {}, options?: RequestOptions): List<api.OptOutSuggestion> {
    return this.transport.list('/api/v1/opt-outs/suggestions', query, options);
  }

  /**
   * Dismiss a suggestion: the message meant no opt-out. A repeat changes nothing.
   *
   * `POST /api/v1/opt-outs/suggestions/{id}/dismiss`
   */
  dismissSuggestion(id: string, options?: RequestOptions): Promise<api.OptOutSuggestion> {
    return this.transport.call({ method: 'POST', path: `/api/v1/opt-outs/suggestions/${segment(id)}/dismiss` }, options);
  }

  /**
   * Show the words, the answers and the rules of opt-outs.
   *
   * `GET /api/v1/workspace/opt-outs`
   */
  getSettings(options?: RequestOptions): Promise<api.OptOutSettings> {
    return this.transport.call({ method: 'GET', path: '/api/v1/workspace/opt-outs' }, options);
  }

  /**
   * Change the words, the answers and the rules of opt-outs.
   *
   * `PATCH /api/v1/workspace/opt-outs`
   */
  updateSettings(body: api.UpdateOptOutSettingsBody, options?: RequestOptions): Promise<api.OptOutSettings> {
    return this.transport.call({ method: 'PATCH', path: '/api/v1/workspace/opt-outs', body }, options);
  }

  /**
   * Make the link by which a person leaves the offers. A repeat gives the same link. It does not expire. Its holder may
   * opt the person out of marketing, so put it only into messages to them.
   *
   * `POST /api/v1/opt-out-links`
   */
  createLink(body: api.CreateOptOutLinkBody = {}, options?: RequestOptions): Promise<api.OptOutLink> {
    return this.transport.call({ method: 'POST', path: '/api/v1/opt-out-links', body }, options);
  }

  /**
   * Show whether the person of a link gets offers. It changes nothing.
   *
   * `GET /api/v1/opt-out-links/{token}`
   */
  getState(token: string, options?: RequestOptions): Promise<api.OptOutState> {
    return this.transport.call({ method: 'GET', path: `/api/v1/opt-out-links/${segment(token)}`, open: true }, options);
  }

  /**
   * Opt the person of a link out of marketing. A repeat changes nothing.
   *
   * `POST /api/v1/opt-out-links/{token}`
   */
  optByLink(token: string, options?: RequestOptions): Promise<api.OptOutState> {
    return this.transport.call({ method: 'POST', path: `/api/v1/opt-out-links/${segment(token)}`, open: true }, options);
  }

  /**
   * Take back the opt-out of the page of a link. An opt-out that came another way stays. A repeat changes nothing.
   *
   * `DELETE /api/v1/opt-out-links/{token}`
   */
  takeBackByLink(token: string, options?: RequestOptions): Promise<api.OptOutState> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/opt-out-links/${segment(token)}`, open: true }, options);
  }
}

/** Messages that WhatsApp approves before they are sent. */
export class Templates extends Group {
  /**
   * List templates, newest first.
   *
   * `GET /api/v1/templates`
   */
  list(query: api.ListTemplatesQuery = {}, options?: RequestOptions): List<api.Template> {
    return this.transport.list('/api/v1/templates', query, options);
  }

  /**
   * Create a template at WhatsApp. WhatsApp reviews it. Its status tells the result.
   *
   * `POST /api/v1/templates`
   */
  create(body: api.CreateTemplate, options?: CreateOptions): Promise<api.TemplateDetails> {
    return this.transport.call({ method: 'POST', path: '/api/v1/templates', body, keyed: true }, options);
  }

  /**
   * Show a template with its history.
   *
   * `GET /api/v1/templates/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.TemplateDetails> {
    return this.transport.call({ method: 'GET', path: `/api/v1/templates/${segment(id)}` }, options);
  }

  /**
   * Change a template at WhatsApp. WhatsApp reviews it again. An approved template can be changed once in 24 hours.
   *
   * `PATCH /api/v1/templates/{id}`
   */
  update(id: string, body: api.UpdateTemplateBody, options?: RequestOptions): Promise<api.TemplateDetails> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/templates/${segment(id)}`, body }, options);
  }

  /**
   * Delete a template at WhatsApp. WhatsApp does not accept a new template with the name of a deleted one for 30 days.
   *
   * `DELETE /api/v1/templates/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<api.TemplateDetails> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/templates/${segment(id)}` }, options);
  }

  /**
   * Read the templates from WhatsApp now. Recado also reads them when an account is connected and about once an hour.
   * Webhooks tell it about changes.
   *
   * `POST /api/v1/templates/sync`
   */
  sync(body: api.SyncTemplatesBody = {}, options?: RequestOptions): Promise<api.TemplateSync> {
    return this.transport.call({ method: 'POST', path: '/api/v1/templates/sync', body }, options);
  }
}

/** What messages cost: rate cards, the spend of a month, and caps. */
export class Cost extends Group {
  /**
   * Show what the messages of a month cost, with forecast, free messages and caps. A message counts on the day of its
   * delivery, by the clock of its account. Until then it counts as an estimate. Messages without a rate count, and
   * their cost is not known.
   *
   * `GET /api/v1/cost`
   */
  get(query: api.GetCostQuery = {}, options?: RequestOptions): Promise<api.Cost> {
    return this.transport.call({ method: 'GET', path: '/api/v1/cost', query }, options);
  }

  /**
   * Show what conversations cost: the median, and what nine of ten cost at most. Of the messages that are still there.
   * Percentiles are costs of conversations, not averages.
   *
   * `GET /api/v1/cost/conversations`
   */
  getOfConversations(query: api.GetCostOfConversationsQuery = {}, options?: RequestOptions): Promise<api.CostOfConversations> {
    return this.transport.call({ method: 'GET', path: '/api/v1/cost/conversations', query }, options);
  }

  /**
   * List the rate cards.
   *
   * `GET /api/v1/cost/cards`
   */
  listRateCards(options?: RequestOptions): Promise<api.RateCardList> {
    return this.transport.call({ method: 'GET', path: '/api/v1/cost/cards' }, options);
  }

  /**
   * Import a rate card as a draft, to compare it. The CSV file of the pricing page of WhatsApp, or a file of volume
   * tiers. `n/a` is no rate, never free.
   *
   * `POST /api/v1/cost/cards`
   */
  importRateCard(body: api.ImportRateCardBody, options?: CreateOptions): Promise<api.RateCard> {
    return this.transport.call({ method: 'POST', path: '/api/v1/cost/cards', body, keyed: true }, options);
  }

  /**
   * Compare a rate card with the one in use before it.
   *
   * `GET /api/v1/cost/cards/{id}/changes`
   */
  getRateCardChanges(id: string, options?: RequestOptions): Promise<api.RateChanges> {
    return this.transport.call({ method: 'GET', path: `/api/v1/cost/cards/${segment(id)}/changes` }, options);
  }

  /**
   * Take a rate card into use, from its first day on. Messages keep the cost by the card that made it.
   *
   * `POST /api/v1/cost/cards/{id}/use`
   */
  useRateCard(id: string, body: api.UseRateCardBody = {}, options?: RequestOptions): Promise<api.RateCard> {
    return this.transport.call({ method: 'POST', path: `/api/v1/cost/cards/${segment(id)}/use`, body }, options);
  }

  /**
   * Discard a rate card that is not in use.
   *
   * `DELETE /api/v1/cost/cards/{id}`
   */
  deleteRateCard(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/cost/cards/${segment(id)}` }, options);
  }

  /**
   * Show the currency, the caps and the surcharges of a provider.
   *
   * `GET /api/v1/cost/settings`
   */
  getSettings(options?: RequestOptions): Promise<api.CostSettings> {
    return this.transport.call({ method: 'GET', path: '/api/v1/cost/settings' }, options);
  }

  /**
   * Change caps and surcharges. A surcharge counts for messages from now on. A higher cap lets campaigns go on within
   * seconds.
   *
   * `PATCH /api/v1/cost/settings`
   */
  updateSettings(body: api.UpdateCostSettingsBody, options?: RequestOptions): Promise<api.CostSettings> {
    return this.transport.call({ method: 'PATCH', path: '/api/v1/cost/settings', body }, options);
  }

  /**
   * List the days that were compared with what WhatsApp bills. Compared every night, two days late, because the figures
   * of WhatsApp are. Days are in UTC.
   *
   * `GET /api/v1/cost/reconciliations`
   */
  listReconciliations(query: api.ListReconciliationsQuery = {}, options?: RequestOptions): List<api.Reconciliation> {
    return this.transport.list('/api/v1/cost/reconciliations', query, options);
  }

  /**
   * Export the days that were compared with what WhatsApp bills as a CSV file. A line for each account and day, the
   * newest first.
   *
   * `GET /api/v1/cost/reconciliations/export`
   */
  exportReconciliations(query: api.ExportReconciliationsQuery = {}, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: '/api/v1/cost/reconciliations/export', query }, options);
  }
}

/** Contacts from CSV files: checked first, then run, and undone within a week. */
export class Imports extends Group {
  /**
   * Upload a CSV file of contacts. Send the file in the field `file` of a form, or pasted lines as JSON. Recado finds
   * out the encoding, the delimiter and the columns. Nothing is imported before you run the import.
   *
   * `POST /api/v1/imports`
   */
  create(body: api.CreateImportForm | api.CreateImportBody, options?: CreateOptions): Promise<api.Import> {
    return this.transport.call({ method: 'POST', path: '/api/v1/imports', body, keyed: true }, options);
  }

  /**
   * List imports, newest first.
   *
   * `GET /api/v1/imports`
   */
  list(query: api.ListImportsQuery = {}, options?: RequestOptions): List<api.Import> {
    return this.transport.list('/api/v1/imports', query, options);
  }

  /**
   * Get a sample file to fill in. With two example rows. Each variable of the template is a column.
   *
   * `GET /api/v1/imports/sample`
   */
  getSample(query: api.GetImportSampleQuery = {}, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: '/api/v1/imports/sample', query }, options);
  }

  /**
   * Show an import.
   *
   * `GET /api/v1/imports/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.Import> {
    return this.transport.call({ method: 'GET', path: `/api/v1/imports/${segment(id)}` }, options);
  }

  /**
   * Say what the columns become, and check the rows. Each change checks all rows again. Nothing is imported before you
   * run the import.
   *
   * `PATCH /api/v1/imports/{id}`
   */
  update(id: string, body: api.UpdateImportBody, options?: RequestOptions): Promise<api.Import> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/imports/${segment(id)}`, body }, options);
  }

  /**
   * Run an import. Creates and changes contacts. They have no events of their own: `import.finished` tells of all.
   *
   * `POST /api/v1/imports/{id}/run`
   */
  run(id: string, options?: RequestOptions): Promise<api.Import> {
    return this.transport.call({ method: 'POST', path: `/api/v1/imports/${segment(id)}/run` }, options);
  }

  /**
   * Cancel an import. Contacts that it created or changed stay as they are. It can be undone.
   *
   * `POST /api/v1/imports/{id}/cancel`
   */
  cancel(id: string, options?: RequestOptions): Promise<api.Import> {
    return this.transport.call({ method: 'POST', path: `/api/v1/imports/${segment(id)}/cancel` }, options);
  }

  /**
   * Undo an import. Within 7 days. Deletes the contacts that it created and nobody used since, and changes others back,
   * as far as nobody changed them since.
   *
   * `POST /api/v1/imports/{id}/undo`
   */
  undo(id: string, options?: RequestOptions): Promise<api.Import> {
    return this.transport.call({ method: 'POST', path: `/api/v1/imports/${segment(id)}/undo` }, options);
  }

  /**
   * Take all certain suggestions of an import that is ready. Each invalid row gets the number of its `suggestion`, as
   * if you had mended it. Numbers with several readings stay.
   *
   * `POST /api/v1/imports/{id}/take-suggestions`
   */
  takeSuggestions(id: string, options?: RequestOptions): Promise<api.Import> {
    return this.transport.call({ method: 'POST', path: `/api/v1/imports/${segment(id)}/take-suggestions` }, options);
  }

  /**
   * Show the first 20 rows as they will be.
   *
   * `GET /api/v1/imports/{id}/preview`
   */
  preview(id: string, options?: RequestOptions): Promise<api.ImportPreview> {
    return this.transport.call({ method: 'GET', path: `/api/v1/imports/${segment(id)}/preview` }, options);
  }

  /**
   * List the rows of an import, with what becomes of them.
   *
   * `GET /api/v1/imports/{id}/rows`
   */
  listRows(id: string, query: api.ListImportRowsQuery = {}, options?: RequestOptions): List<api.ImportRow> {
    return this.transport.list(`/api/v1/imports/${segment(id)}/rows`, query, options);
  }

  /**
   * Export the bad rows of an import as a CSV file. In the format of the file, with the column `error`. Mend the rows
   * there, and upload it.
   *
   * `GET /api/v1/imports/{id}/bad-rows`
   */
  exportBadRows(id: string, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: `/api/v1/imports/${segment(id)}/bad-rows` }, options);
  }

  /**
   * Mend a bad row of an import that is ready.
   *
   * `PATCH /api/v1/imports/{id}/rows/{row}`
   */
  mendRow(id: string, row: string, body: api.MendImportRowBody, options?: RequestOptions): Promise<api.ImportRow> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/imports/${segment(id)}/rows/${segment(row)}`, body }, options);
  }
}

/** One message to many people, each exactly once. */
export class Campaigns extends Group {
  /**
   * List campaigns, newest first.
   *
   * `GET /api/v1/campaigns`
   */
  list(query: api.ListCampaignsQuery = {}, options?: RequestOptions): List<api.Campaign> {
    return this.transport.list('/api/v1/campaigns', query, options);
  }

  /**
   * Create a draft. A draft may lack anything but its name. `POST …/start` says what it still lacks.
   *
   * `POST /api/v1/campaigns`
   */
  create(body: api.CreateCampaignBody, options?: CreateOptions): Promise<api.Campaign> {
    return this.transport.call({ method: 'POST', path: '/api/v1/campaigns', body, keyed: true }, options);
  }

  /**
   * Show a campaign with its counts.
   *
   * `GET /api/v1/campaigns/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.Campaign> {
    return this.transport.call({ method: 'GET', path: `/api/v1/campaigns/${segment(id)}` }, options);
  }

  /**
   * Change a draft, or the spend cap of a campaign. Each field that the body has is replaced as a whole. An approval
   * ends with the change. Of a campaign that is no draft, only `stop_rules.spent` changes.
   *
   * `PATCH /api/v1/campaigns/{id}`
   */
  update(id: string, body: api.UpdateCampaignBody, options?: RequestOptions): Promise<api.Campaign> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/campaigns/${segment(id)}`, body }, options);
  }

  /**
   * Delete a draft.
   *
   * `DELETE /api/v1/campaigns/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/campaigns/${segment(id)}` }, options);
  }

  /**
   * Start a campaign, or schedule it.
   *
   * `POST /api/v1/campaigns/{id}/start`
   */
  start(id: string, body: api.StartCampaignBody = {}, options?: RequestOptions): Promise<api.Campaign> {
    return this.transport.call({ method: 'POST', path: `/api/v1/campaigns/${segment(id)}/start`, body }, options);
  }

  /**
   * Take a campaign back to a draft that is scheduled, or waits for an approval.
   *
   * `POST /api/v1/campaigns/{id}/unschedule`
   */
  unschedule(id: string, options?: RequestOptions): Promise<api.Campaign> {
    return this.transport.call({ method: 'POST', path: `/api/v1/campaigns/${segment(id)}/unschedule` }, options);
  }

  /**
   * Resume a paused or held campaign.
   *
   * `POST /api/v1/campaigns/{id}/resume`
   */
  resume(id: string, options?: RequestOptions): Promise<api.Campaign> {
    return this.transport.call({ method: 'POST', path: `/api/v1/campaigns/${segment(id)}/resume` }, options);
  }

  /**
   * Pause a campaign; nothing is lost.
   *
   * `POST /api/v1/campaigns/{id}/pause`
   */
  pause(id: string, body: api.PauseCampaignBody = {}, options?: RequestOptions): Promise<api.Campaign> {
    return this.transport.call({ method: 'POST', path: `/api/v1/campaigns/${segment(id)}/pause`, body }, options);
  }

  /**
   * Cancel what has not begun.
   *
   * `POST /api/v1/campaigns/{id}/cancel`
   */
  cancel(id: string, body: api.CancelCampaignBody = {}, options?: RequestOptions): Promise<api.Campaign> {
    return this.transport.call({ method: 'POST', path: `/api/v1/campaigns/${segment(id)}/cancel`, body }, options);
  }

  /**
   * Show what an approval would be for, who may give it, and what changed since the last one.
   *
   * `GET /api/v1/campaigns/{id}/approval`
   */
  getApproval(id: string, options?: RequestOptions): Promise<api.CampaignApproval> {
    return this.transport.call({ method: 'GET', path: `/api/v1/campaigns/${segment(id)}/approval` }, options);
  }

  /**
   * Ask a second person to approve a campaign. A draft, or a campaign that is held for its approval. Everybody who may
   * approve it is told.
   *
   * `POST /api/v1/campaigns/{id}/ask`
   */
  askForApproval(id: string, options?: RequestOptions): Promise<api.Campaign> {
    return this.transport.call({ method: 'POST', path: `/api/v1/campaigns/${segment(id)}/ask` }, options);
  }

  /**
   * Approve a campaign as a second person. Only for a person who neither asked, nor changed it last, nor made the key
   * that did. It is for the content, and the people and the cost of now. A campaign that is held for it goes on.
   *
   * `POST /api/v1/campaigns/{id}/approve`
   */
  approve(id: string, body: api.ApproveCampaignBody = {}, options?: RequestOptions): Promise<api.Campaign> {
    return this.transport.call({ method: 'POST', path: `/api/v1/campaigns/${segment(id)}/approve`, body }, options);
  }

  /**
   * Refuse the approval of a campaign, or take the question back. A campaign that is held for its approval becomes a
   * draft again.
   *
   * `POST /api/v1/campaigns/{id}/refuse`
   */
  refuse(id: string, body: api.RefuseCampaignBody = {}, options?: RequestOptions): Promise<api.Campaign> {
    return this.transport.call({ method: 'POST', path: `/api/v1/campaigns/${segment(id)}/refuse`, body }, options);
  }

  /**
   * Show what would happen if a campaign started now; nothing is stored.
   *
   * `POST /api/v1/campaigns/{id}/check`
   */
  check(id: string, options?: RequestOptions): Promise<api.CampaignOutlook> {
    return this.transport.call({ method: 'POST', path: `/api/v1/campaigns/${segment(id)}/check` }, options);
  }

  /**
   * Show the message that one person would get.
   *
   * `GET /api/v1/campaigns/{id}/preview`
   */
  preview(id: string, query: api.PreviewCampaignQuery = {}, options?: RequestOptions): Promise<api.CampaignPreview> {
    return this.transport.call({ method: 'GET', path: `/api/v1/campaigns/${segment(id)}/preview`, query }, options);
  }

  /**
   * Send the message to chosen people; it does not count for the campaign.
   *
   * `POST /api/v1/campaigns/{id}/test`
   */
  test(id: string, body: api.TestCampaignBody, options?: RequestOptions): Promise<api.CampaignTest> {
    return this.transport.call({ method: 'POST', path: `/api/v1/campaigns/${segment(id)}/test`, body }, options);
  }

  /**
   * Show what came of a campaign: replies, variants, failures, waves and stop rules.
   *
   * `GET /api/v1/campaigns/{id}/result`
   */
  getResult(id: string, options?: RequestOptions): Promise<api.CampaignResult> {
    return this.transport.call({ method: 'GET', path: `/api/v1/campaigns/${segment(id)}/result` }, options);
  }

  /**
   * Try failed messages of a campaign again, where that may help. Each is the same message, tried again. Messages that
   * WhatsApp spared (131049) are tried after 24 hours at the earliest. Messages with an unknown outcome are never tried
   * again by this.
   *
   * `POST /api/v1/campaigns/{id}/retry`
   */
  retry(id: string, options?: RequestOptions): Promise<api.CampaignRetried> {
    return this.transport.call({ method: 'POST', path: `/api/v1/campaigns/${segment(id)}/retry` }, options);
  }

  /**
   * List who gets a campaign, and who was left out.
   *
   * `GET /api/v1/campaigns/{id}/recipients`
   */
  listRecipients(id: string, query: api.ListCampaignRecipientsQuery = {}, options?: RequestOptions): List<api.CampaignRecipient> {
    return this.transport.list(`/api/v1/campaigns/${segment(id)}/recipients`, query, options);
  }

  /**
   * Export the recipients of a campaign as a CSV file. An apostrophe disarms texts that look like formulas.
   *
   * `GET /api/v1/campaigns/{id}/recipients/export`
   */
  exportRecipients(id: string, query: api.ExportCampaignRecipientsQuery = {}, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: `/api/v1/campaigns/${segment(id)}/recipients/export`, query }, options);
  }

  /**
   * Show the rules that all campaigns have in common.
   *
   * `GET /api/v1/workspace/campaigns`
   */
  getRules(options?: RequestOptions): Promise<api.CampaignRules> {
    return this.transport.call({ method: 'GET', path: '/api/v1/workspace/campaigns' }, options);
  }

  /**
   * Change the rules that all campaigns have in common. Only for owners, logged in. Everybody who may approve campaigns
   * is told.
   *
   * `PATCH /api/v1/workspace/campaigns`
   */
  updateRules(body: api.UpdateCampaignRulesBody, options?: RequestOptions): Promise<api.CampaignRules> {
    return this.transport.call({ method: 'PATCH', path: '/api/v1/workspace/campaigns', body }, options);
  }
}

/** What channels posted, and what Recado could not apply. */
export class DeadLetters extends Group {
  /**
   * List what Recado could not apply, newest first.
   *
   * `GET /api/v1/dead-letters`
   */
  list(query: api.ListDeadLettersQuery = {}, options?: RequestOptions): List<api.DeadLetter> {
    return this.transport.list('/api/v1/dead-letters', query, options);
  }

  /**
   * Show a dead letter with its raw webhook.
   *
   * `GET /api/v1/dead-letters/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.DeadLetterDetails> {
    return this.transport.call({ method: 'GET', path: `/api/v1/dead-letters/${segment(id)}` }, options);
  }

  /**
   * Discard a dead letter.
   *
   * `DELETE /api/v1/dead-letters/{id}`
   */
  discard(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/dead-letters/${segment(id)}` }, options);
  }

  /**
   * Process the webhook of a dead letter again. Recado processes the whole webhook again. Items that it applied before
   * do not change. If the item can be applied now, the dead letter disappears. Otherwise it is open again, with the new
   * error. A repeat while it is retrying changes nothing.
   *
   * `POST /api/v1/dead-letters/{id}/retry`
   */
  retry(id: string, options?: RequestOptions): Promise<api.DeadLetter> {
    return this.transport.call({ method: 'POST', path: `/api/v1/dead-letters/${segment(id)}/retry` }, options);
  }
}

/** What channels posted, and what Recado could not apply. */
export class RawWebhooks extends Group {
  /**
   * List the webhooks of the last 8 days, newest first. Only processed webhooks that are about your workspace alone.
   *
   * `GET /api/v1/raw-webhooks`
   */
  list(query: api.ListRawWebhooksQuery = {}, options?: RequestOptions): List<api.RawWebhook> {
    return this.transport.list('/api/v1/raw-webhooks', query, options);
  }

  /**
   * Show a raw webhook.
   *
   * `GET /api/v1/raw-webhooks/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.RawWebhookDetails> {
    return this.transport.call({ method: 'GET', path: `/api/v1/raw-webhooks/${segment(id)}` }, options);
  }
}

/** Send, track, list and count messages, one by one or in batches. */
export class Queue extends Group {
  /**
   * Show the queue and the workers of the workspace.
   *
   * `GET /api/v1/queue`
   */
  get(options?: RequestOptions): Promise<api.Queue> {
    return this.transport.call({ method: 'GET', path: '/api/v1/queue' }, options);
  }

  /**
   * Count what waits by reason and account.
   *
   * `GET /api/v1/queue/reasons`
   */
  reasons(query: api.GetQueueReasonsQuery = {}, options?: RequestOptions): Promise<api.QueueReasons> {
    return this.transport.call({ method: 'GET', path: '/api/v1/queue/reasons', query }, options);
  }

  /**
   * Count failed outbound messages by error.
   *
   * `GET /api/v1/queue/errors`
   */
  errors(query: api.GetQueueErrorsQuery = {}, options?: RequestOptions): Promise<api.QueueErrors> {
    return this.transport.call({ method: 'GET', path: '/api/v1/queue/errors', query }, options);
  }
}

/** Figures of messages over time, by many groupings, with the period before. */
export class Statistics extends Group {
  /**
   * Show the figures of a range, by time, account, template, campaign, sender, error or country. A message counts once,
   * at the time when it was accepted or received, in its present state. Deleted messages stay counted, except in the
   * quarters of an hour that the range cuts; imported history does not count. At most 366 days, by hour 31.
   *
   * `GET /api/v1/statistics`
   */
  get(query: api.GetStatisticsQuery = {}, options?: RequestOptions): Promise<api.StatisticsReport> {
    return this.transport.call({ method: 'GET', path: '/api/v1/statistics', query }, options);
  }

  /**
   * Export the figures of a range as a CSV file. A line for each group. An apostrophe disarms texts that look like
   * formulas.
   *
   * `GET /api/v1/statistics/export`
   */
  export(query: api.ExportStatisticsQuery, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: '/api/v1/statistics/export', query }, options);
  }

  /**
   * Show how long messages took, as percentiles by stage. By when the message was accepted. A schedule, a hold and a
   * pause are no part of it. The range is widened to whole hours of UTC.
   *
   * `GET /api/v1/statistics/latency`
   */
  getLatency(query: api.GetLatencyQuery = {}, options?: RequestOptions): Promise<api.Latency> {
    return this.transport.call({ method: 'GET', path: '/api/v1/statistics/latency', query }, options);
  }

  /**
   * Export how long messages took as a CSV file. A line for each stage.
   *
   * `GET /api/v1/statistics/latency/export`
   */
  exportLatency(query: api.ExportLatencyQuery = {}, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: '/api/v1/statistics/latency/export', query }, options);
  }

  /**
   * Show how long people waited for an answer, and how many wait now. The range is widened to whole hours of UTC.
   *
   * `GET /api/v1/statistics/responses`
   */
  getResponses(query: api.GetResponsesQuery = {}, options?: RequestOptions): Promise<api.Responses> {
    return this.transport.call({ method: 'GET', path: '/api/v1/statistics/responses', query }, options);
  }

  /**
   * Export how long people waited for an answer as a CSV file. A line for each span of waiting times: how many were
   * answered within it, how many within it in the hours of their teams, and how many wait now.
   *
   * `GET /api/v1/statistics/responses/export`
   */
  exportResponses(query: api.ExportResponsesQuery = {}, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: '/api/v1/statistics/responses/export', query }, options);
  }
}

/** Figures of today for a screen, opened by a link of its own. */
export class WallViews extends Group {
  /**
   * List wall views, newest first.
   *
   * `GET /api/v1/wall-views`
   */
  list(query: api.ListWallViewsQuery = {}, options?: RequestOptions): List<api.WallView> {
    return this.transport.list('/api/v1/wall-views', query, options);
  }

  /**
   * Create a wall view and its link. The link shows the figures of these accounts to everybody who has it, and nobody’s
   * name, number or text. Only this answer contains it: Recado stores a hash. With an `Idempotency-Key`, Recado keeps
   * the encrypted answer for 24 hours and repeats it to the same caller only.
   *
   * `POST /api/v1/wall-views`
   */
  create(body: api.CreateWallViewBody, options?: CreateOptions): Promise<api.NewWallView> {
    return this.transport.call({ method: 'POST', path: '/api/v1/wall-views', body, keyed: true }, options);
  }

  /**
   * Revoke a wall view: its link shows nothing from now on.
   *
   * `DELETE /api/v1/wall-views/{id}`
   */
  revoke(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/wall-views/${segment(id)}` }, options);
  }

  /**
   * Show the figures of a wall view by its link. An unknown or revoked token shows nothing.
   *
   * `POST /api/v1/wall-views/show`
   */
  show(body: api.ShowWallViewBody, options?: RequestOptions): Promise<api.WallFigures> {
    return this.transport.call({ method: 'POST', path: '/api/v1/wall-views/show', body, open: true }, options);
  }
}

/** The simulated phones of people who write to Sandbox accounts. Other accounts have none. */
export class Phones extends Group {
  /**
   * List the numbers with which the Sandbox fails on purpose.
   *
   * `GET /api/v1/sandbox/recipients`
   */
  listSandboxRecipients(options?: RequestOptions): Promise<api.SandboxRecipients> {
    return this.transport.call({ method: 'GET', path: '/api/v1/sandbox/recipients' }, options);
  }

  /**
   * Show the simulated phone of a person. Only the chat with this Sandbox account. A chat without messages is empty.
   *
   * `GET /api/v1/accounts/{id}/phones/{number}`
   */
  get(id: string, number: string, options?: RequestOptions): Promise<api.PhoneScreen> {
    return this.transport.call({ method: 'GET', path: `/api/v1/accounts/${segment(id)}/phones/${segment(number)}` }, options);
  }

  /**
   * Change what the simulated phone does by itself in this chat.
   *
   * `PATCH /api/v1/accounts/{id}/phones/{number}`
   */
  change(id: string, number: string, body: api.ChangePhoneBody, options?: RequestOptions): Promise<api.PhoneScreen> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/accounts/${segment(id)}/phones/${segment(number)}`, body }, options);
  }

  /**
   * Write, react, choose or send a file as the person. Recado receives it like a message from WhatsApp.
   *
   * `POST /api/v1/accounts/{id}/phones/{number}/messages`
   */
  writeOn(id: string, number: string, body: api.WriteOnPhoneBody, options?: RequestOptions): Promise<api.WrittenOnPhone> {
    return this.transport.call({ method: 'POST', path: `/api/v1/accounts/${segment(id)}/phones/${segment(number)}/messages`, body }, options);
  }

  /**
   * Read all messages of the account as the person.
   *
   * `POST /api/v1/accounts/{id}/phones/{number}/read`
   */
  readOn(id: string, number: string, options?: RequestOptions): Promise<api.ReadOnPhone> {
    return this.transport.call({ method: 'POST', path: `/api/v1/accounts/${segment(id)}/phones/${segment(number)}/read` }, options);
  }

  /**
   * Download the file of a message on the simulated phone.
   *
   * `GET /api/v1/accounts/{id}/phones/{number}/messages/{message}/file`
   */
  getFile(id: string, number: string, message: string, options?: RequestOptions): Promise<Response> {
    return this.transport.raw({ method: 'GET', path: `/api/v1/accounts/${segment(id)}/phones/${segment(number)}/messages/${segment(message)}/file` }, options);
  }
}

/** Made-up people and messages of Sandbox accounts, in one request, and gone in one. */
export class Demo extends Group {
  /**
   * Show whether there is demo data, and what its removal takes.
   *
   * `GET /api/v1/demo`
   */
  get(options?: RequestOptions): Promise<api.Demo> {
    return this.transport.call({ method: 'GET', path: '/api/v1/demo' }, options);
  }

  /**
   * Fill a Sandbox account with demo data. Made-up people write, and the account answers, within seconds after the
   * answer. There is one demo in a workspace: a repeat changes nothing.
   *
   * `POST /api/v1/demo`
   */
  create(options?: RequestOptions): Promise<api.Demo> {
    return this.transport.call({ method: 'POST', path: '/api/v1/demo' }, options);
  }

  /**
   * Remove the demo data. Deletes the account and erases its made-up people with their messages. Other people of the
   * account stay, unless `others` says otherwise; `GET` names them. The audit log and the records of the erasures stay.
   * Without demo data it does nothing.
   *
   * `DELETE /api/v1/demo`
   */
  delete(query: api.DeleteDemoQuery = {}, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: '/api/v1/demo', query }, options);
  }
}

/** What happened in the workspace, in order: webhooks, streams and pages of one log. */
export class Events extends Group {
  /**
   * Read the events of the workspace, oldest or newest first. You see the events that your permissions and accounts
   * allow. Read on with `after`: the `last_id` of the previous page. `after=latest` begins with what happens from now
   * on. `before=latest` lists the newest events first. With `wait` the response comes with the first new event. Events
   * of messages stay as long as their message, others for 30 days.
   *
   * `GET /api/v1/events`
   */
  list(query: api.ListEventsQuery = {}, options?: RequestOptions): Promise<api.EventPage> {
    return this.transport.call({ method: 'GET', path: '/api/v1/events', query }, options);
  }

  /**
   * The same as an iterator: all events after `after`, then each new one as it comes. It repeats failed requests for
   * ever.
   */
  poll(query: api.ListEventsQuery = {}, options?: RequestOptions): AsyncGenerator<api.RecadoEvent, void, undefined> {
    return pollEvents(next => this.list(next, { retries: Number.POSITIVE_INFINITY, ...options }), query);
  }

  /**
   * Show an event. As it is shown now: its message may be newer than the event.
   *
   * `GET /api/v1/events/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.RecadoEvent> {
    return this.transport.call({ method: 'GET', path: `/api/v1/events/${segment(id)}` }, options);
  }

  /**
   * List the types of events.
   *
   * `GET /api/v1/event-types`
   */
  listTypes(options?: RequestOptions): Promise<api.EventTypes> {
    return this.transport.call({ method: 'GET', path: '/api/v1/event-types' }, options);
  }

  /**
   * Get events as they happen (server-sent events). It connects again after each loss, and continues after the last
   * event that it gave you. It ends when you stop to iterate, or with the `signal`. You see the events that your
   * permissions and accounts allow.
   *
   * `GET /api/v1/events/stream`
   */
  stream(query: api.StreamEventsQuery = {}, options?: StreamOptions): AsyncGenerator<api.RecadoEvent, void, undefined> {
    return streamEvents(this.transport, '/api/v1/events/stream', query, options);
  }
}

/** Where Recado posts events as webhooks, and the record of these posts. */
export class Endpoints extends Group {
  /**
   * List endpoints, oldest first.
   *
   * `GET /api/v1/endpoints`
   */
  list(query: api.ListEndpointsQuery = {}, options?: RequestOptions): List<api.Endpoint> {
    return this.transport.list('/api/v1/endpoints', query, options);
  }

  /**
   * Create an endpoint for webhooks. Recado posts each matching event of now and later to the link, signed after
   * Standard Webhooks 1.0. Only this answer contains the secret that Recado made; no answer contains one that you
   * brought along as `secret`.
   *
   * `POST /api/v1/endpoints`
   */
  create(body: api.CreateEndpointBody, options?: CreateOptions): Promise<api.NewEndpoint> {
    return this.transport.call({ method: 'POST', path: '/api/v1/endpoints', body, keyed: true }, options);
  }

  /**
   * Show an endpoint, and how many deliveries it has.
   *
   * `GET /api/v1/endpoints/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.ShownEndpoint> {
    return this.transport.call({ method: 'GET', path: `/api/v1/endpoints/${segment(id)}` }, options);
  }

  /**
   * Change, pause or resume an endpoint. You need the permissions of its events, and answer for it from then on. A
   * `url` of another origin drops the `headers`, unless you give them again: `header_names` is empty then. An endpoint
   * that was disabled gets no events of that time: replay them.
   *
   * `PATCH /api/v1/endpoints/{id}`
   */
  update(id: string, body: api.UpdateEndpointBody, options?: RequestOptions): Promise<api.Endpoint> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/endpoints/${segment(id)}`, body }, options);
  }

  /**
   * Delete an endpoint with its deliveries.
   *
   * `DELETE /api/v1/endpoints/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/endpoints/${segment(id)}` }, options);
  }

  /**
   * Give an endpoint a new secret. Recado makes the new secret, or takes yours. Both secrets sign for the overlap, so
   * that receivers can change theirs meanwhile. Earlier secrets sign until the times that their rotations gave.
   *
   * `POST /api/v1/endpoints/{id}/rotate-secret`
   */
  rotateSecret(id: string, body: api.RotateEndpointSecretBody = {}, options?: RequestOptions): Promise<api.RotatedSecret> {
    return this.transport.call({ method: 'POST', path: `/api/v1/endpoints/${segment(id)}/rotate-secret`, body }, options);
  }

  /**
   * Send a test event to an endpoint. The event `endpoint.test`, or the example of an event type, goes to this endpoint
   * only, whatever its event types and its filter. At a paused endpoint it waits.
   *
   * `POST /api/v1/endpoints/{id}/test`
   */
  test(id: string, body: api.TestEndpointBody = {}, options?: RequestOptions): Promise<api.EndpointTest> {
    return this.transport.call({ method: 'POST', path: `/api/v1/endpoints/${segment(id)}/test`, body }, options);
  }

  /**
   * List the deliveries of an endpoint, newest first. Recado keeps them for 30 days.
   *
   * `GET /api/v1/endpoints/{id}/deliveries`
   */
  listDeliveries(id: string, query: api.ListDeliveriesQuery = {}, options?: RequestOptions): List<api.EndpointDelivery> {
    return this.transport.list(`/api/v1/endpoints/${segment(id)}/deliveries`, query, options);
  }

  /**
   * Show a delivery with its event and its attempts.
   *
   * `GET /api/v1/endpoints/{id}/deliveries/{delivery}`
   */
  getDelivery(id: string, delivery: string, options?: RequestOptions): Promise<api.ShownEndpointDelivery> {
    return this.transport.call({ method: 'GET', path: `/api/v1/endpoints/${segment(id)}/deliveries/${segment(delivery)}` }, options);
  }

  /**
   * Deliver an event again. With the same event id, and with all attempts before it. It still waits for earlier events
   * of its conversation.
   *
   * `POST /api/v1/endpoints/{id}/deliveries/{delivery}/resend`
   */
  resendDelivery(id: string, delivery: string, options?: RequestOptions): Promise<api.EndpointDelivery> {
    return this.transport.call({ method: 'POST', path: `/api/v1/endpoints/${segment(id)}/deliveries/${segment(delivery)}/resend` }, options);
  }

  /**
   * Attempt all deliveries again that failed since a time. Failed deliveries, and deliveries that wait for their next
   * attempt: it is due now. The answer is a replay: ask for its progress.
   *
   * `POST /api/v1/endpoints/{id}/recover`
   */
  recover(id: string, body: api.RecoverEndpointBody, options?: CreateOptions): Promise<api.EndpointReplay> {
    return this.transport.call({ method: 'POST', path: `/api/v1/endpoints/${segment(id)}/recover`, body, keyed: true }, options);
  }

  /**
   * Deliver the events of a time again. All events of the log that the endpoint gets, with their former ids: also those
   * that it had already, and those from before it was created.
   *
   * `POST /api/v1/endpoints/{id}/replays`
   */
  createReplay(id: string, body: api.CreateReplayBody, options?: CreateOptions): Promise<api.EndpointReplay> {
    return this.transport.call({ method: 'POST', path: `/api/v1/endpoints/${segment(id)}/replays`, body, keyed: true }, options);
  }

  /**
   * List the replays and recoveries of an endpoint, newest first.
   *
   * `GET /api/v1/endpoints/{id}/replays`
   */
  listReplays(id: string, query: api.ListReplaysQuery = {}, options?: RequestOptions): List<api.EndpointReplay> {
    return this.transport.list(`/api/v1/endpoints/${segment(id)}/replays`, query, options);
  }

  /**
   * Show the progress of a replay or a recovery.
   *
   * `GET /api/v1/endpoints/{id}/replays/{replay}`
   */
  getReplay(id: string, replay: string, options?: RequestOptions): Promise<api.EndpointReplay> {
    return this.transport.call({ method: 'GET', path: `/api/v1/endpoints/${segment(id)}/replays/${segment(replay)}` }, options);
  }
}

/** What is wrong now, what was, and who takes care of it. */
export class Alerts extends Group {
  /**
   * List alerts, newest first.
   *
   * `GET /api/v1/alerts`
   */
  list(query: api.ListAlertsQuery = {}, options?: RequestOptions): List<api.Alert> {
    return this.transport.list('/api/v1/alerts', query, options);
  }

  /**
   * Show an alert.
   *
   * `GET /api/v1/alerts/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.Alert> {
    return this.transport.call({ method: 'GET', path: `/api/v1/alerts/${segment(id)}` }, options);
  }

  /**
   * Take an alert: nobody else is told again.
   *
   * `POST /api/v1/alerts/{id}/take`
   */
  take(id: string, body: api.TakeAlertBody = {}, options?: RequestOptions): Promise<api.Alert> {
    return this.transport.call({ method: 'POST', path: `/api/v1/alerts/${segment(id)}/take`, body }, options);
  }

  /**
   * Mute an alert until a time.
   *
   * `POST /api/v1/alerts/{id}/mute`
   */
  mute(id: string, body: api.MuteAlertBody, options?: RequestOptions): Promise<api.Alert> {
    return this.transport.call({ method: 'POST', path: `/api/v1/alerts/${segment(id)}/mute`, body }, options);
  }

  /**
   * Mute all alerts that fire now until a time.
   *
   * `POST /api/v1/alerts/mute`
   */
  muteAll(body: api.MuteAlertsBody, options?: RequestOptions): Promise<api.MutedAlerts> {
    return this.transport.call({ method: 'POST', path: '/api/v1/alerts/mute', body }, options);
  }
}

/** What Recado watches, when it fires, and who is told. */
export class AlertRules extends Group {
  /**
   * List the alert rules, with what the last round saw.
   *
   * `GET /api/v1/alert-rules`
   */
  list(options?: RequestOptions): Promise<api.AlertRuleList> {
    return this.transport.call({ method: 'GET', path: '/api/v1/alert-rules' }, options);
  }

  /**
   * Create an alert rule. A field that the body leaves out gets the default of the signal. A workspace begins with a
   * rule for each signal.
   *
   * `POST /api/v1/alert-rules`
   */
  create(body: api.CreateAlertRuleBody, options?: CreateOptions): Promise<api.AlertRule> {
    return this.transport.call({ method: 'POST', path: '/api/v1/alert-rules', body, keyed: true }, options);
  }

  /**
   * Show an alert rule.
   *
   * `GET /api/v1/alert-rules/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.AlertRule> {
    return this.transport.call({ method: 'GET', path: `/api/v1/alert-rules/${segment(id)}` }, options);
  }

  /**
   * Change, mute or switch an alert rule. Alerts of a rule that is switched off clear within a minute.
   *
   * `PATCH /api/v1/alert-rules/{id}`
   */
  update(id: string, body: api.UpdateAlertRuleBody, options?: RequestOptions): Promise<api.AlertRule> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/alert-rules/${segment(id)}`, body }, options);
  }

  /**
   * Delete an alert rule: its alerts clear within a minute.
   *
   * `DELETE /api/v1/alert-rules/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/alert-rules/${segment(id)}` }, options);
  }
}

/** Where alerts go, what went there, and how they are grouped and repeated. */
export class AlertChannels extends Group {
  /**
   * List the channels that alerts go to.
   *
   * `GET /api/v1/alert-channels`
   */
  list(options?: RequestOptions): Promise<api.AlertChannelList> {
    return this.transport.call({ method: 'GET', path: '/api/v1/alert-channels' }, options);
  }

  /**
   * Create a channel for alerts. Links lead to public addresses, or to hosts of `WEBHOOK_ALLOWED_HOSTS`. A webhook is
   * signed after Standard Webhooks. WhatsApp never tells of its own account.
   *
   * `POST /api/v1/alert-channels`
   */
  create(body: api.CreateAlertChannelBody, options?: CreateOptions): Promise<api.NewAlertChannel> {
    return this.transport.call({ method: 'POST', path: '/api/v1/alert-channels', body, keyed: true }, options);
  }

  /**
   * Change a channel for alerts, or switch it. A `url` of another origin drops the `secret`, unless you give it again.
   *
   * `PATCH /api/v1/alert-channels/{id}`
   */
  update(id: string, body: api.UpdateAlertChannelBody, options?: RequestOptions): Promise<api.AlertChannel> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/alert-channels/${segment(id)}`, body }, options);
  }

  /**
   * Delete a channel for alerts; app and e-mail stay.
   *
   * `DELETE /api/v1/alert-channels/{id}`
   */
  delete(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/alert-channels/${segment(id)}` }, options);
  }

  /**
   * Send a test to a channel; by e-mail, to yourself. The deliveries say how it went.
   *
   * `POST /api/v1/alert-channels/{id}/test`
   */
  test(id: string, options?: RequestOptions): Promise<api.AlertDelivery> {
    return this.transport.call({ method: 'POST', path: `/api/v1/alert-channels/${segment(id)}/test` }, options);
  }

  /**
   * List what channels were given, newest first.
   *
   * `GET /api/v1/alert-deliveries`
   */
  deliveries(query: api.ListAlertDeliveriesQuery = {}, options?: RequestOptions): List<api.AlertDelivery> {
    return this.transport.list('/api/v1/alert-deliveries', query, options);
  }

  /**
   * Show how alerts are grouped and repeated.
   *
   * `GET /api/v1/alert-settings`
   */
  settings(options?: RequestOptions): Promise<api.AlertSettings> {
    return this.transport.call({ method: 'GET', path: '/api/v1/alert-settings' }, options);
  }

  /**
   * Change how alerts are grouped and repeated, and the address that is called every minute.
   *
   * `PATCH /api/v1/alert-settings`
   */
  changeSettings(body: api.UpdateAlertSettingsBody, options?: RequestOptions): Promise<api.AlertSettings> {
    return this.transport.call({ method: 'PATCH', path: '/api/v1/alert-settings', body }, options);
  }

  /**
   * Call the address now.
   *
   * `POST /api/v1/alert-settings/ping`
   */
  ping(options?: RequestOptions): Promise<api.AlertSettings> {
    return this.transport.call({ method: 'POST', path: '/api/v1/alert-settings/ping' }, options);
  }
}

/** Addresses that other programs call; what they say reaches people on WhatsApp. */
export class Hooks extends Group {
  /**
   * List hooks, oldest first.
   *
   * `GET /api/v1/hooks`
   */
  list(query: api.ListHooksQuery = {}, options?: RequestOptions): List<api.Hook> {
    return this.transport.list('/api/v1/hooks', query, options);
  }

  /**
   * Create a hook and its address. Anybody who has the address can send to these contacts, in your name. Only this
   * answer contains it: Recado stores a hash. With an `Idempotency-Key`, Recado keeps the encrypted answer for 24 hours
   * and repeats it to the same caller only.
   *
   * `POST /api/v1/hooks`
   */
  create(body: api.CreateHookBody, options?: CreateOptions): Promise<api.NewHook> {
    return this.transport.call({ method: 'POST', path: '/api/v1/hooks', body, keyed: true }, options);
  }

  /**
   * Show a hook.
   *
   * `GET /api/v1/hooks/{id}`
   */
  get(id: string, options?: RequestOptions): Promise<api.Hook> {
    return this.transport.call({ method: 'GET', path: `/api/v1/hooks/${segment(id)}` }, options);
  }

  /**
   * Change a hook. Its address stays. Waiting calls follow the new settings of the hook.
   *
   * `PATCH /api/v1/hooks/{id}`
   */
  update(id: string, body: api.UpdateHookBody, options?: RequestOptions): Promise<api.Hook> {
    return this.transport.call({ method: 'PATCH', path: `/api/v1/hooks/${segment(id)}`, body }, options);
  }

  /**
   * Revoke a hook: its address takes no calls from now on. Its calls go too, also those that wait.
   *
   * `DELETE /api/v1/hooks/{id}`
   */
  revoke(id: string, options?: RequestOptions): Promise<void> {
    return this.transport.call({ method: 'DELETE', path: `/api/v1/hooks/${segment(id)}` }, options);
  }

  /**
   * List the calls of a hook, newest first. Recado keeps the newest 1,000 of each hook for 30 days, without their
   * bodies.
   *
   * `GET /api/v1/hooks/{id}/calls`
   */
  listCalls(id: string, query: api.ListHookCallsQuery = {}, options?: RequestOptions): List<api.HookCall> {
    return this.transport.list(`/api/v1/hooks/${segment(id)}/calls`, query, options);
  }

  /**
   * Give a hook a new address; the former one ends at once. Only this answer contains the new address.
   *
   * `POST /api/v1/hooks/{id}/rotate`
   */
  rotate(id: string, options?: RequestOptions): Promise<api.NewHook> {
    return this.transport.call({ method: 'POST', path: `/api/v1/hooks/${segment(id)}/rotate` }, options);
  }

  /**
   * Send a test to the contacts of a hook. It is sent as every call is, and costs as much. `GET
   * /api/v1/hooks/{id}/calls` says how it went.
   *
   * `POST /api/v1/hooks/{id}/test`
   */
  test(id: string, options?: RequestOptions): Promise<api.TakenHookCall> {
    return this.transport.call({ method: 'POST', path: `/api/v1/hooks/${segment(id)}/test` }, options);
  }

  /**
   * Other programs post their alerts. Alertmanager, Grafana, Uptime Kuma, or a plain text, of at most 256 KiB. Recado
   * answers 202 once it has stored the call durably.
   *
   * `POST /hooks/{token}`
   */
  call(token: string, body: api.CallHookBody, options?: RequestOptions): Promise<api.TakenHookCall> {
    return this.transport.call({ method: 'POST', path: `/hooks/${segment(token)}`, body, open: true }, options);
  }
}

/** Whether the parts of the installation work together, and the first step. */
export class SelfCheck extends Group {
  /**
   * Show the last self-check.
   *
   * `GET /api/v1/self-check`
   */
  get(options?: RequestOptions): Promise<api.SelfCheck> {
    return this.transport.call({ method: 'GET', path: '/api/v1/self-check' }, options);
  }

  /**
   * Run the self-check. Answers at once. Read the run until its state is no longer `running`: each check is there when
   * it has ended. While a run is under way, this shows that one.
   *
   * `POST /api/v1/self-check`
   */
  run(options?: RequestOptions): Promise<api.SelfCheck> {
    return this.transport.call({ method: 'POST', path: '/api/v1/self-check' }, options);
  }
}

/** All groups of methods. */
export class Routes {
  /** The first owner, logins and forgotten passwords. */
  readonly auth: Auth;
  /** The caller: permissions, sessions, password and second factor. */
  readonly me: Me;
  /** The people of the workspace and their roles. */
  readonly people: People;
  /** Invite people to the workspace. */
  readonly invitations: Invitations;
  /** Who is logged in to the workspace, and from where. */
  readonly sessions: Sessions;
  /** Create and switch workspaces of the same installation. */
  readonly workspaces: Workspaces;
  /** The credentials of programs. */
  readonly keys: Keys;
  /** Who did what, when, and from which address. */
  readonly audit: Audit;
  /** What was asked of the API in the last 7 days, by whom, and what it answered. */
  readonly requests: Requests;
  /** The settings of the workspace. */
  readonly workspace: Workspace;
  /** The WhatsApp numbers of the workspace, their limits and their queues. */
  readonly accounts: Accounts;
  /** The links of accounts of WhatsApp Web to phones: codes, states, and their end. */
  readonly links: Links;
  /** Named filters of contacts, and static lists of them. */
  readonly segments: Segments;
  /** Your own fields of contacts. */
  readonly contactFields: ContactFields;
  /** Names with colours, on contacts or on conversations. */
  readonly labels: Labels;
  /** All messages between one account and one contact. */
  readonly conversations: Conversations;
  /** The people who send and receive messages. */
  readonly contacts: Contacts;
  /** Who gets which conversations, how many, and who is online. */
  readonly teams: Teams;
  /** Filters of conversations under a name, of one caller or of the workspace. */
  readonly savedViews: SavedViews;
  /** What your people write about a conversation for each other. Nothing sends it. */
  readonly notes: Notes;
  /** Send, track, list and count messages, one by one or in batches. */
  readonly messages: Messages;
  /** Many conversations closed, snoozed, assigned or labelled at once, and undone. */
  readonly conversationJobs: ConversationJobs;
  /** Texts that people write often, with variables and files. */
  readonly savedReplies: SavedReplies;
  /** Export or erase all data about a contact. */
  readonly privacy: Privacy;
  /** Uploaded files, and files that came with messages. */
  readonly media: Media;
  /** Send, track, list and count messages, one by one or in batches. */
  readonly batches: Batches;
  /** Who wants no messages, or no marketing messages. */
  readonly optOuts: OptOuts;
  /** Messages that WhatsApp approves before they are sent. */
  readonly templates: Templates;
  /** What messages cost: rate cards, the spend of a month, and caps. */
  readonly cost: Cost;
  /** Contacts from CSV files: checked first, then run, and undone within a week. */
  readonly imports: Imports;
  /** One message to many people, each exactly once. */
  readonly campaigns: Campaigns;
  /** What channels posted, and what Recado could not apply. */
  readonly deadLetters: DeadLetters;
  /** What channels posted, and what Recado could not apply. */
  readonly rawWebhooks: RawWebhooks;
  /** Send, track, list and count messages, one by one or in batches. */
  readonly queue: Queue;
  /** Figures of messages over time, by many groupings, with the period before. */
  readonly statistics: Statistics;
  /** Figures of today for a screen, opened by a link of its own. */
  readonly wallViews: WallViews;
  /** The simulated phones of people who write to Sandbox accounts. Other accounts have none. */
  readonly phones: Phones;
  /** Made-up people and messages of Sandbox accounts, in one request, and gone in one. */
  readonly demo: Demo;
  /** What happened in the workspace, in order: webhooks, streams and pages of one log. */
  readonly events: Events;
  /** Where Recado posts events as webhooks, and the record of these posts. */
  readonly endpoints: Endpoints;
  /** What is wrong now, what was, and who takes care of it. */
  readonly alerts: Alerts;
  /** What Recado watches, when it fires, and who is told. */
  readonly alertRules: AlertRules;
  /** Where alerts go, what went there, and how they are grouped and repeated. */
  readonly alertChannels: AlertChannels;
  /** Addresses that other programs call; what they say reaches people on WhatsApp. */
  readonly hooks: Hooks;
  /** Whether the parts of the installation work together, and the first step. */
  readonly selfCheck: SelfCheck;

  constructor(transport: Transport) {
    this.auth = new Auth(transport);
    this.me = new Me(transport);
    this.people = new People(transport);
    this.invitations = new Invitations(transport);
    this.sessions = new Sessions(transport);
    this.workspaces = new Workspaces(transport);
    this.keys = new Keys(transport);
    this.audit = new Audit(transport);
    this.requests = new Requests(transport);
    this.workspace = new Workspace(transport);
    this.accounts = new Accounts(transport);
    this.links = new Links(transport);
    this.segments = new Segments(transport);
    this.contactFields = new ContactFields(transport);
    this.labels = new Labels(transport);
    this.conversations = new Conversations(transport);
    this.contacts = new Contacts(transport);
    this.teams = new Teams(transport);
    this.savedViews = new SavedViews(transport);
    this.notes = new Notes(transport);
    this.messages = new Messages(transport);
    this.conversationJobs = new ConversationJobs(transport);
    this.savedReplies = new SavedReplies(transport);
    this.privacy = new Privacy(transport);
    this.media = new Media(transport);
    this.batches = new Batches(transport);
    this.optOuts = new OptOuts(transport);
    this.templates = new Templates(transport);
    this.cost = new Cost(transport);
    this.imports = new Imports(transport);
    this.campaigns = new Campaigns(transport);
    this.deadLetters = new DeadLetters(transport);
    this.rawWebhooks = new RawWebhooks(transport);
    this.queue = new Queue(transport);
    this.statistics = new Statistics(transport);
    this.wallViews = new WallViews(transport);
    this.phones = new Phones(transport);
    this.demo = new Demo(transport);
    this.events = new Events(transport);
    this.endpoints = new Endpoints(transport);
    this.alerts = new Alerts(transport);
    this.alertRules = new AlertRules(transport);
    this.alertChannels = new AlertChannels(transport);
    this.hooks = new Hooks(transport);
    this.selfCheck = new SelfCheck(transport);
  }
}
