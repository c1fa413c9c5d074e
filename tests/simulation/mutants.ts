// Faults to be planted in the sources, each with the promise that it breaks.

export interface Mutant {
  name: string;
  file: string;
  /** What stands in the file, or in another one that is named, once, and what is put in its place. */
  change: [string, string, file?: string][];
  /** The promise that it breaks, as the simulation tells it: a schedule that breaks in another way shows nothing of it. */
  breaks: RegExp;
}

export const mutants: Mutant[] = [
  {
    name: 'an answer before COMMIT',
    file: 'server/features/messages/accept-message.ts',
    // The store's answer is looked up first, and a repeat asks for the same message: only a process that dies shows it.
    breaks: /was accepted and is not there/,
    change: [
      ['const latestMs = 86_400_000;', 'const latestMs = 86_400_000;\nconst promised = new Map();'],
      ['acceptBatch(db.grouped, requests, again, offer', 'acceptBatch(db.grouped, requests, true, offer'],
      [
        'const stored = await group.add(request);',
        `if (promised.has(request.key)) request.id = promised.get(request.key);
    promised.set(request.key, request.id);
    let stored;
    const look = async tx => {
      [stored] = await acceptBatch(tx, [request], true, undefined, needs.clock.sqlNow());
      throw new Error('not yet');
    };
    await db.transaction(look).catch(error => {
      if (error.message !== 'not yet') throw error;
    });
    void group.add(request).catch(() => {});`,
      ],
    ],
  },
  {
    name: 'an attempt in flight is queued again',
    file: 'server/features/sending/sql/recover_lost_calls.sql',
    breaks: /called again without a ground|was taken \d times|queued again while its attempt|began beside another/,
    change: [
      [
        '@mutant lost-call',
        "  return query select r.account_id, count(*) from record_outcomes(p_now, lost, array_fill('released'::text, array[n]),",
      ],
    ],
  },
  {
    name: 'a receipt of an earlier call ends the lease of the one under way',
    file: 'server/features/attempts/sql/apply_evidence.sql',
    breaks: /has a call that nobody ends|lane.in_flight|began beside another/,
    change: [
      [
        '@mutant told-states',
        "    where o.id = any (messages) and o.state in ('unknown', 'queued', 'scheduled', 'sending'));",
      ],
      [
        '@mutant end-sending',
        "      and o.state in ('scheduled', 'queued', case when p_word = 'told' then 'unknown' end, case when p_word = 'told' then 'sending' end)",
        'server/features/queue/sql/end_open.sql',
      ],
    ],
  },
  {
    name: 'no fence on what a late worker says',
    file: 'server/features/sending/sql/match_outcomes.sql',
    breaks: /was taken \d times|queued again while its attempt|called again without a ground|began beside another/,
    change: [['@mutant stale-fence', '    where o.id = token_of(u.token, 0) limit 1) o']],
  },
  {
    name: 'a claim without an answer gives back what others took',
    file: 'server/features/sending/sql/reconcile.sql',
    breaks:
      /was taken \d times|called again without a ground|queued again while its attempt|began beside another|began after/,
    change: [['@mutant reconcile-in-hand', '    );']],
  },
  {
    name: 'a worker that stood still calls all the same',
    file: 'server/features/sending/send-lane.ts',
    breaks: /began after its lease|the rate of|began beside another/,
    change: [['@mutant stale-worker', '']],
  },
  {
    name: 'a machine that slept calls what it had claimed',
    file: 'server/features/sending/send-lane.ts',
    breaks: /began after its lease/,
    change: [
      [
        'return { ...result, messages, sinceClaim };',
        'const from = clock.elapsed();\n          return { ...result, messages, sinceClaim: () => clock.elapsed() - from };',
      ],
      [
        'needs.adopt(message.account_id, job(message, sinceClaim));',
        'needs.adopt(message.account_id, job(message, (from => () => clock.elapsed() - from)(clock.elapsed())));',
      ],
    ],
  },
  {
    name: 'a status ranks by arrival',
    file: 'server/features/attempts/sql/add_evidence.sql',
    breaks: /a receipt said/,
    change: [['@mutant status-by-arrival', '    status = e.status,']],
  },
  {
    name: 'a message that keeps its evidence hears of no failure',
    file: 'server/features/attempts/sql/apply_evidence.sql',
    breaks: /a receipt said/,
    change: [['@mutant unusual-evidence', '    and false);']],
  },
  {
    name: 'evidence is lost on its way to the attempt',
    file: 'server/features/attempts/sql/unfold_evidence.sql',
    breaks: /a receipt said/,
    change: [
      [
        '@mutant unfold-status',
        '    update attempt a set status = a.status, sent_at = least(a.sent_at, m.sent_at), delivered_at = null,',
      ],
    ],
  },
  {
    name: 'a message keeps the evidence of its attempt, and the attempt has it too',
    file: 'server/features/attempts/sql/unfold_evidence.sql',
    breaks: /a receipt said/,
    change: [['@mutant unfold-once', '  update message m set pricing = null where m.id = any (p_messages);']],
  },
  {
    name: 'a parked receipt is dropped',
    file: 'server/features/attempts/sql/apply_orphans.sql',
    breaks: /a receipt said/,
    change: [
      [
        '@mutant orphan-receipts',
        '      and p.account_id = a.account_id and p.channel_message_id = a.channel_message_id and false',
      ],
    ],
  },
  {
    name: 'a budget outside of the transaction that spends it',
    file: 'server/features/queue/sql/lock_lanes.sql',
    breaks: /the rate of/,
    change: [
      [
        '@mutant rate-in-flight',
        '      a.rate_messages - case when a.rate_messages - a.window_total >= a.concurrency then a.window_total',
      ],
    ],
  },
  {
    name: 'the rate counts from the claim',
    file: 'server/features/queue/limits/sql/add_to_window.sql',
    breaks: /the rate of/,
    change: [
      ['@mutant rate-from-end', "  slot timestamptz := date_bin(step, p_end - interval '1 second', 'epoch') + step;"],
    ],
  },
  {
    name: "a recipient's bucket counts from the claim",
    file: 'server/features/attempts/sql/record_calls.sql',
    breaks: /the budget of a recipient/,
    change: [['@mutant recipient-bucket', '      and v.id = h.conversation_id and false)']],
  },
  {
    name: 'a conversation without its order',
    file: 'server/features/queue/sql/advance.sql',
    breaks: /(left|was claimed) before an earlier one|began beside another|first in line/,
    change: [['@mutant line-order', '        order by o.priority desc, o.seq desc limit 1)']],
  },
  {
    name: 'an idempotency key that is only looked up',
    file: 'server/features/messages/sql/judge_requests.sql',
    breaks: /one key gave|are stored, and/,
    change: [['@mutant key-replayed', "      case when i.resource_id <> u.id and i.hash <> u.hash then 'mismatch'"]],
  },
  {
    name: 'a batch whose COMMIT was not heard of is written again',
    file: 'server/features/messages/sql/judge_requests.sql',
    breaks: /are stored, and|one key gave|was refused|reports/,
    change: [['@mutant batch-again', '']],
  },
  {
    name: 'an unknown outcome is sent again, whatever the setting',
    file: 'server/features/outcomes/sql/resolve_unknown.sql',
    breaks: /against its setting|sent again though/,
    change: [['@mutant on-unknown', "    select o.id, o.account_id, 'retry' as choice, a.retry_attempts,"]],
  },
  {
    name: 'evidence for what was given up is not heard',
    file: 'server/features/attempts/sql/record_messages.sql',
    breaks: /a receipt said/,
    change: [
      [
        '@mutant late-evidence',
        "    from (select distinct id, null::timestamptz as sent_at, null::timestamptz as delivered_at, null::timestamptz as read_at, null::timestamptz as played_at, null::jsonb as pricing from unnest(p_messages) id where id not in (select g.id from message g where g.status in ('cancelled', 'expired'))",
      ],
    ],
  },
  {
    name: 'overtaken receipts are told by no event',
    file: 'server/features/attempts/sql/record_messages.sql',
    breaks: /lacks an event/,
    change: [['@mutant overtaken-events', '        where p.word = x.status or false and p.told is not null']],
  },
  {
    name: 'the echo of a token is not read',
    file: 'server/features/attempts/sql/find_tokens.sql',
    breaks: /a receipt said|did not come to rest/,
    change: [['@mutant token-echo', '    where m.id = token_of(u.token, 0) and false']],
  },
  {
    name: 'a message that is being sent can be cancelled',
    file: 'server/features/queue/sql/end_open.sql',
    breaks: /the channel took it|was cancelled/,
    change: [
      [
        '@mutant end-sending',
        "      and o.state in ('scheduled', 'queued', 'sending', case when p_word = 'told' then 'unknown' end)",
      ],
    ],
  },
  {
    name: 'a counter that a cancellation forgets',
    file: 'server/features/queue/sql/end_open.sql',
    breaks: /lane.queued/,
    change: [['@mutant end-counts', '    update lane l set queued = l.queued']],
  },
  {
    name: 'a payload is closed before it is applied',
    file: 'server/features/inbound/receive-lane.ts',
    breaks: /a receipt said|were written to us/,
    change: [
      [
        '    const workOf = async ',
        '    await closePayloads(db, payloads, clock.sqlNow());\n    const workOf = async ',
      ],
    ],
  },
  {
    name: 'no lock on the lane',
    file: 'server/features/queue/sql/lock_lanes.sql',
    breaks: /the rate of|a day of \d+ sent|was exceeded|lane\.|reports/,
    change: [['@mutant lane-lock', '  perform 1 from lane where account_id = any (p_accounts) order by account_id;']],
  },
  {
    name: 'an unknown outcome is sent again before its window is over',
    file: 'server/features/outcomes/sql/resolve_unknown.sql',
    breaks: /before the window for receipts was over/,
    change: [
      ['@mutant resolve-due', "    where o.state = 'unknown' and o.resolve_by <= t + interval '5 seconds'"],
      ['@mutant resolve-still-due', "    where o.state = 'unknown' and o.resolve_by <= t + interval '5 seconds'"],
      ['@mutant resolve-asked', "      order by o.resolve_by limit 1) > t + interval '5 seconds' is not false"],
    ],
  },
  {
    name: 'a pause that a change of settings lifts',
    file: 'server/features/accounts/manage-account.ts',
    breaks: /was paused, and a call was claimed|its account is paused/,
    change: [
      [
        '@mutant settings-lift-pause',
        "    await releaseLane(tx, id, ['rate_limit', 'daily_limit', 'paused'], needs.clock.sqlNow());",
      ],
    ],
  },
  {
    name: 'a deleted contact is written to again',
    file: 'server/features/sending/sql/match_outcomes.sql',
    breaks: /after its contact had been deleted/,
    change: [['@mutant unwanted', '    a.deleted_at is not null) as next) x']],
  },
  {
    name: 'what comes in while its account is deleted stays queued',
    file: 'server/features/accounts/manage-account.ts',
    breaks: /did not come to rest|has no outcome/,
    change: [['    await cancelWaiting(tx, caller.workspaceId, { accountId: id }, why, needs.clock.sqlNow());\n', '']],
  },
  {
    name: 'quiet hours that a claim does not ask',
    file: 'server/features/sending/sql/candidates.sql',
    breaks: /in the quiet hours/,
    change: [['@mutant quiet-hours', '    where true']],
  },
  {
    name: 'conversations that are opened and not counted',
    file: 'server/features/sending/sql/claim_messages.sql',
    breaks: /opened on a day: counted|a day opened/,
    change: [
      [
        '@mutant opened-counted',
        '      conversations_opened = case when l.day = x.today then l.conversations_opened else 0 end, day = x.today,',
      ],
    ],
  },
  {
    name: 'what may have arrived is sent again with the rest',
    file: 'server/features/outcomes/retry-store.ts',
    breaks: /with others though its outcome was unknown/,
    change: [["sql`m.error_code is not distinct from 'unknown_outcome'`", 'sql`false`']],
  },
  {
    name: 'of a body with several items only the first is read',
    file: 'server/features/inbound/receive-lane.ts',
    breaks: /a receipt said|are not there|no outcome|come to rest/,
    change: [['app.webhooks.parse(payload.body)', 'app.webhooks.parse(payload.body).slice(0, 1)']],
  },
  {
    name: 'a wait that hides the pace',
    file: 'server/features/messages/waiting-reasons-store.ts',
    breaks: /in line behind nobody|for which there is no ground/,
    change: [['        hold.reason, nullif(case when', "        'next', nullif(case when"]],
  },
  {
    name: 'a wait until a moment that has passed',
    file: 'server/features/messages/waiting-reasons-store.ts',
    breaks: /until a moment that has passed/,
    change: [
      ["else hold.until end, 'infinity')", "else least(hold.until, m.ready_at - interval '1 second') end, 'infinity')"],
    ],
  },
  {
    name: 'a kept count that forgets what failed',
    file: 'server/migrations/0002-counts.sql',
    breaks: /(there now|of all days) as \w+: counted/,
    change: [
      [
        'if not exists (select 1 from added) then return null; end if;\n  insert into message_delta',
        "if not exists (select 1 from added where status <> 'failed') then return null; end if;\n  insert into message_delta",
      ],
    ],
  },
  {
    name: 'a stretch that forgets what was read',
    file: 'server/migrations/0002-counts.sql',
    breaks: /in stretches as read: counted/,
    change: [
      ['case when p_listed is null then p_seq >> 9', 'case when p_listed is null and p_seq % 2 = 0 then p_seq >> 9'],
    ],
  },
  {
    name: 'a kept count of conversations that forgets who has written',
    file: 'server/migrations/0002-counts.sql',
    breaks: /list of unread: counted/,
    change: [
      ["'unread', case when new.unread then 1 else -1 end", "'unread', case when new.unread then 0 else -1 end"],
    ],
  },
  {
    name: 'what is claimed while a process stops is forgotten',
    file: 'server/features/sending/send-lane.ts',
    breaks: /stopped with a call in its hands/,
    change: [['return await release();', 'return;']],
  },
  {
    name: 'a process that stops does not wait for its calls',
    file: 'server/engine/runner.ts',
    breaks: /stopped with a call in its hands/,
    change: [['await Promise.race([this.idle(), over]);', 'await Promise.race([Promise.resolve(), over]);']],
  },
  {
    name: 'danger that ends by itself',
    file: 'server/features/queue/sql/hold_lanes.sql',
    breaks: /distrusts an account/,
    change: [
      [
        '@mutant flagged-holds',
        "      held_until = case when x.class in ('flagged', 'ended') then t + interval '1 minute'",
      ],
    ],
  },
  {
    name: 'a signal of danger that is only noted',
    file: 'server/features/inbound/sql/apply_signals.sql',
    breaks: /distrusts an account/,
    change: [
      [
        '@mutant signal-holds',
        "  perform hold_lanes(t, array_agg(u.account), array_agg(replace(u.class, 'flagged', 'throttled')), array_agg(0))",
      ],
    ],
  },
  {
    name: 'what waits for its file keeps its place of the day',
    file: 'server/features/queue/sql/record_lanes.sql',
    breaks: /sent of a day/,
    change: [['@mutant day-refunded', '      sent = l.sent,']],
  },
  {
    name: 'what a person wrote is not known again once it is erased',
    file: 'server/features/inbound/erased-store.ts',
    breaks: /was erased, and there is a message written to us left/,
    change: [
      [
        "and (direction = 'inbound' or source is not null) and created_at > clock(",
        "and direction = 'inbound' and false and created_at > clock(",
      ],
    ],
  },
  {
    name: 'a person is erased while somebody calls',
    file: 'server/features/privacy/remove-store.ts',
    breaks: /was erased, and called for that afterwards/,
    change: [
      ['const still = sql`not exists (select 1 from open_message o where o.id = m.id)`;', 'const still = sql`true`;'],
    ],
  },
  {
    name: 'what expires in the queue has failed',
    file: 'server/features/queue/sql/end_open.sql',
    breaks: /failed without an attempt/,
    change: [
      [
        '@mutant end-word',
        "    update message m set status = case p_word when 'expired' then 'failed' else p_word end, event_count = m.event_count + 1 from out",
      ],
    ],
  },
  {
    name: 'tries that are used up one too early',
    file: 'server/features/sending/sql/match_outcomes.sql',
    breaks: /failed after \d tries/,
    change: [
      [
        '@mutant attempts-used-up',
        "    u.class in ('not_sent', 'unavailable') and o.failed_attempts + 2 >= a.retry_attempts",
      ],
    ],
  },
  {
    name: 'what is scheduled is due at once',
    file: 'server/features/messages/sql/store_messages.sql',
    breaks: /was claimed before its time/,
    change: [['@mutant scheduled-at', '      t,']],
  },
  {
    name: 'a claim that does not ask for the expiry',
    file: 'server/features/queue/sql/ready_heads.sql',
    breaks: /was claimed after its expiry/,
    change: [['@mutant claim-expiry', '']],
  },
  {
    name: 'a call that does not look at the expiry again',
    file: 'server/features/sending/send-lane.ts',
    breaks: /was called after its expiry/,
    change: [['elapsed >= message.expires_in_ms)', 'elapsed >= message.expires_in_ms + 1e9)']],
  },
  {
    name: 'an unknown outcome holds its conversation for one minute',
    file: 'server/features/sending/sql/match_outcomes.sql',
    breaks: /though an unknown outcome held its conversation/,
    change: [['@mutant unknown-hold', "    t + case when u.class = 'unknown' then interval '1 minute'"]],
  },
  {
    name: 'an unknown outcome holds its conversation for ten minutes',
    file: 'server/features/sending/sql/match_outcomes.sql',
    breaks: /says conversation_order, for which there is no ground|in line behind nobody/,
    change: [['@mutant unknown-hold', "    t + case when u.class = 'unknown' then interval '10 minutes'"]],
  },
  {
    name: 'a record does not let the next one go',
    file: 'server/features/sending/sql/record_outcomes.sql',
    breaks: /without a head|did not come to rest/,
    change: [['@mutant record-advances', '    null;']],
  },
  {
    name: 'a cancellation does not let the next one go',
    file: 'server/features/queue/sql/end_open.sql',
    breaks: /without a head|did not come to rest/,
    change: [['@mutant end-advances', '']],
  },
  {
    name: 'a receipt before the record is not noted',
    file: 'server/features/attempts/sql/apply_evidence.sql',
    breaks: /called again|was taken|a receipt said|open message of another status|queued again/,
    change: [['@mutant early-evidence', '  update open_message o set evidence = null']],
  },
  {
    name: 'an acceptance does not ask the limit of a recipient',
    file: 'server/features/messages/sql/store_messages.sql',
    breaks: /the budget of a recipient/,
    change: [['@mutant fuse-recipient', '']],
  },
  {
    name: 'a claim that does not ask for the window',
    file: 'server/features/queue/sql/hold_heads.sql',
    breaks: /was claimed outside of its window/,
    change: [['@mutant window-holds', '    where false),']],
  },
  {
    name: 'a message of a person opens no window',
    file: 'server/features/queue/sql/open_windows.sql',
    breaks: /held for a window that is open|says window_closed, for which there is no ground/,
    change: [['@mutant window-opens', '        where v.id = c.id and false limit 1) v']],
  },
  {
    name: 'a restricted message stays the head of its conversation',
    file: 'server/features/queue/sql/hold_heads.sql',
    breaks: /is restricted and holds up its conversation/,
    change: [['@mutant restricted-holds', '    where false']],
  },
  {
    name: 'a paused template holds nothing',
    file: 'server/features/queue/sql/hold_template.sql',
    breaks: /of a paused template was called/,
    change: [
      ['@mutant template-holds', "      and m.content->'language'->>'code' = p_language and false limit p_max);"],
    ],
  },
  {
    name: 'released messages of a template do not advance',
    file: 'server/features/queue/sql/release_template.sql',
    breaks: /without a head|did not come to rest/,
    change: [['@mutant template-released', '']],
  },
  {
    name: 'a merge does not wait for a call',
    file: 'server/features/identity/sql/merge_conversations.sql',
    breaks: /claimed beside one of its conversation|though an unknown outcome held|began beside another/,
    change: [['@mutant merge-busy', '    and false) then']],
  },
  {
    name: 'a merge does not let the next one go',
    file: 'server/features/identity/sql/merge_conversations.sql',
    breaks: /without a head|did not come to rest/,
    change: [['@mutant merge-advances', '    null;']],
  },
  {
    name: 'a merge leaves both messages of a campaign',
    file: 'server/features/queue/sql/end_doubles.sql',
    breaks: /a merge left both messages/,
    change: [['@mutant merge-doubles', '        order by m.seq) * 0 as place']],
  },
  {
    name: 'a stopped campaign holds nothing of its queue',
    file: 'server/features/queue/sql/hold_campaign.sql',
    breaks: /messages of it are queued/,
    change: [['@mutant campaign-holds', "      and o.state = 'queued' and false order by o.id limit p_max);"]],
  },
  {
    name: 'released messages of a campaign do not advance',
    file: 'server/features/messages/sql/release_reserved.sql',
    breaks: /without a head|did not come to rest/,
    change: [['@mutant campaign-released', '']],
  },
  {
    name: 'what comes back to the queue of a stopped campaign is called',
    file: 'server/features/queue/sql/hold_stopped_heads.sql',
    breaks: /a call of it was claimed/,
    change: [['@mutant campaign-stopped', '    where false;']],
  },
  {
    name: 'what comes back to the queue of a cancelled campaign stays there',
    file: 'server/features/queue/sql/hold_stopped_heads.sql',
    breaks: /a call of it was claimed|did not come to rest/,
    change: [['@mutant campaign-over', "      select null::uuid from end_open(t, '{}', 'cancelled',"]],
  },
  {
    name: 'a recipient does not learn of its message',
    file: 'server/features/campaigns/feed-store.ts',
    breaks: /a message of a campaign is of no recipient/,
    change: [["column(f => ('messageId' in f ? f.messageId : null))", 'column(() => null)']],
  },
  {
    name: 'a recipient learns of its message in a transaction of its own',
    file: 'server/features/campaigns/feed.ts',
    breaks: /a message of a campaign is of no recipient|has two messages of a campaign/,
    change: [
      ['if (fed.length > 0) await recordFed(tx, campaign.id, fed, at);', ''],
      [
        'return { fed: fed.length, waits, short, woken:',
        'return { outcomes: fed, at, fed: fed.length, waits, short, woken:',
      ],
      [
        'if (result === undefined) return { moved: true };',
        'if (result === undefined) return { moved: true };\n  if (result.fed > 0) await recordFed(db, campaign.id, result.outcomes, result.at);',
      ],
    ],
  },
  {
    name: 'a campaign feeds without a look at its state under lock',
    file: 'server/features/campaigns/feed.ts',
    breaks: /a message of it was accepted/,
    change: [["if (campaign?.state !== 'running' || campaign.wave !== before.wave)", 'if (!campaign)']],
  },
  {
    name: 'a person on two rows gets two messages',
    file: 'server/features/campaigns/feed-store.ts',
    breaks: /has two messages of a campaign/,
    change: [
      [
        "and (s.state = 'accepted' or s.state = 'pending' and s.number < r.number)) as is_duplicate",
        'and false) as is_duplicate',
      ],
    ],
  },
  {
    name: 'a campaign feeds people who opted out after it was listed',
    file: 'server/features/campaigns/feed.ts',
    breaks: /writes to somebody who had opted out/,
    change: [["if (held.opted_out === 'all' || (held.opted_out !== null && isMarketing)) return 'opted_out';", '']],
  },
  {
    name: 'a step of a campaign takes away the next one of another state',
    file: 'server/features/campaigns/lane.ts',
    breaks: /nobody takes its next step/,
    change: [
      ['await setStep(db, campaign, wait', 'await setStep(db, (await findAnyCampaign(db, key)) ?? campaign, wait'],
    ],
  },
  {
    name: 'a campaign counts as applied though somebody moved it meanwhile',
    file: 'server/features/campaigns/lane.ts',
    breaks: /did not come to rest|messages of it are queued|are to get it/,
    change: [
      [
        'await markApplied(db, campaign);',
        'await markApplied(db, (await findAnyCampaign(db, campaign.id)) ?? campaign);',
      ],
    ],
  },
  {
    name: 'a cancelled campaign keeps its recipients',
    file: 'server/features/campaigns/lane.ts',
    breaks: /a campaign is cancelled, and \d+ are to get it|did not come to rest/,
    change: [['await cancelRecipients(db, campaign.id);', '']],
  },
  {
    name: 'a campaign does not mind its pace',
    file: 'server/features/campaigns/feed.ts',
    breaks: /a campaign of \d+ a minute accepted more/,
    change: [['ratePerMinute - (rooms[0]?.accepted_lately ?? 0)', 'ratePerMinute']],
  },
  {
    name: 'a kept count of recipients that forgets who got it',
    file: 'server/migrations/0002-counts.sql',
    breaks: /recipient of a campaign as accepted/,
    change: [
      [
        'select 1 as n, added.* from added union all',
        "select 1 as n, added.* from added where state <> 'accepted' union all",
      ],
    ],
  },
  {
    name: 'a page of a list that is stored twice',
    file: 'server/features/campaigns/prepare.ts',
    breaks: /a campaign lists \d+ and counts \d+/,
    change: [[' || now.frozen_to !== campaign.frozen_to)', ')']],
  },
  {
    name: 'the events of a message are numbered against their order',
    file: 'server/kit/db/sql/append_message_events.sql',
    breaks: /has its events in the order/,
    change: [['@mutant event-order', '      order by number desc, min(n)) x),']],
  },
];
