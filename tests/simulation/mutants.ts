// Faults to be planted in the sources, each with the promise that it breaks.

export interface Fault {
  name: string;
  file: string;
  /** What stands in the file, or in another one that is named, once, and what is put in its place. */
  change: [string, string, file?: string][];
  /** The promise that it breaks, as the simulation tells it: a schedule that breaks in another way shows nothing of it. */
  breaks: RegExp;
}

export const plantedFaults: Fault[] = [
  {
    name: 'an answer before COMMIT',
    file: 'server/features/messages/accept-message.ts',
    // What the store would answer is looked up first, and a repeat asks for the same message: only who dies shows it.
    breaks: /was accepted and is not there/,
    change: [
      ['const heldUpMs = 1_000;', 'const heldUpMs = 1_000;\nconst promised = new Map();'],
      ['acceptBatch(db, requests, again, ', 'acceptBatch(db, requests, true, '],
      [
        'return answer(request, await group.add(request));',
        `if (promised.has(request.key)) request.id = promised.get(request.key);
    promised.set(request.key, request.id);
    let told;
    const look = async tx => {
      [told] = await acceptBatch(tx, [request], true, needs.clock.sqlNow(), needs.lockMs);
      throw new Error('not yet');
    };
    await db.transaction(look).catch(error => {
      if (error.message !== 'not yet') throw error;
    });
    void group.add(request).catch(() => {});
    return answer(request, told);`,
      ],
    ],
  },
  {
    name: 'an attempt in flight is queued again',
    file: 'server/features/sending/sql/recover_attempts.sql',
    breaks: /called again without a ground|was taken \d times/,
    change: [
      [
        '  perform project_messages(messages, t);\n  return query select m.account_id, count(*)',
        "  update message m set status = 'queued', lease_until = null, event_count = event_count + 1 where m.id = any (messages);\n  insert into event (workspace_id, type, account_id, message_id, number, at) select m.workspace_id, 'message.queued', m.account_id, m.id, m.event_count, t from message m where m.id = any (messages);\n  return query select m.account_id, count(*)",
      ],
    ],
  },
  {
    name: 'a receipt of an earlier call ends the lease of the one under way',
    file: 'server/features/sending/sql/project_messages.sql',
    breaks: /has a call that nobody ends/,
    change: [
      [
        "lease_until = case when s.after = 'sending' or m.lease_until is not null",
        "lease_until = case when s.after = 'sending' or false",
      ],
    ],
  },
  {
    name: 'no fence on what a late worker says',
    file: 'server/features/sending/sql/record_attempts.sql',
    breaks: /was taken \d times|queued again while its attempt|called again without a ground/,
    change: [
      [
        "where a.status = 'not_sent' and m.fence = a.fence and m.status in ('sending', 'unknown')),",
        "where u.class not in ('accepted', 'rejected', 'unknown')),",
      ],
    ],
  },
  {
    name: 'a claim without an answer gives back what others took',
    file: 'server/features/sending/sql/give_back_claim.sql',
    breaks: /was taken \d times|called again without a ground|queued again while its attempt|began beside another/,
    change: [
      [
        "where token = any (p_tokens) and status in ('sending', 'unknown'));",
        "where account_id = p_account and status in ('sending', 'unknown'));",
      ],
    ],
  },
  {
    name: 'a worker that stood still calls all the same',
    file: 'server/features/sending/send-lane.ts',
    breaks: /began after its lease|the rate of/,
    change: [['if (elapsed > leaseMs - needs.deadlineMs - 2_000)', 'if (elapsed > 1e9)']],
  },
  {
    name: 'a machine that slept calls what it had claimed',
    file: 'server/features/sending/send-lane.ts',
    breaks: /began after its lease/,
    change: [
      [
        'return { ...claim, waitMs, sinceClaim,',
        'return { ...claim, waitMs, sinceClaim: () => clock.elapsed() - claimedAt,',
      ],
    ],
  },
  {
    name: 'a status ranks by arrival',
    file: 'server/features/sending/sql/add_evidence.sql',
    breaks: /a receipt said/,
    change: [
      [
        'status = case when evidence_rank(e.status) > evidence_rank(a.status) then e.status else a.status end,\n    sent_at',
        'status = e.status,\n    sent_at',
      ],
    ],
  },
  {
    name: 'a parked receipt is dropped',
    file: 'server/features/inbound/sql/add_parked.sql',
    breaks: /a receipt said/,
    change: [
      [
        'and p.account_id = a.account_id and p.channel_message_id = a.channel_message_id\n    returning',
        'and p.account_id = a.account_id and p.channel_message_id = a.channel_message_id and false\n    returning',
      ],
    ],
  },
  {
    name: 'a coalescer without its flag',
    file: 'server/engine/runner.ts',
    breaks: /did not come to rest/,
    change: [
      ['    if (state.running) {\n      state.dirty = true;\n      return;\n    }', '    if (state.running) return;'],
      [
        '      if (state.running) state.dirty = true;\n      else if (state.more)',
        '      if (!state.running && state.more)',
      ],
    ],
  },
  {
    name: 'a budget outside of the transaction that spends it',
    file: 'server/features/sending/sql/claim_messages.sql',
    breaks: /the rate of/,
    change: [
      ['calls = l.calls || array(select token from call), window_at', 'calls = l.calls, window_at'],
      [
        'const last = rows.at(-1);',
        `const last = rows.at(-1);
  const taken = rows.flatMap(row => row.token ?? []);
  if (taken.length > 0) await db.query(sql\`update lane set calls = calls || \${taken}::uuid[] where kind = 'send' and key = \${accountId}\`);`,
        'server/features/sending/store.ts',
      ],
    ],
  },
  {
    name: 'the rate counts from the claim',
    file: 'server/features/sending/sql/claim_messages.sql',
    breaks: /the rate of/,
    change: [
      [
        'ceil(extract(epoch from c.ended_at) / grain)',
        "ceil(extract(epoch from c.ended_at - interval '1 second') / grain)",
      ],
    ],
  },
  {
    name: 'a call begins before its turn',
    file: 'server/features/sending/send-lane.ts',
    breaks: /the rate of/,
    change: [['if (message.starts_in_ms) await', 'if (message.starts_in_ms && message.starts_in_ms < 0) await']],
  },
  {
    name: "a recipient's bucket counts from the claim",
    file: 'server/features/sending/sql/fill_buckets.sql',
    breaks: /the budget of a recipient/,
    change: [
      ['greatest(v.recipient_tat, x.ended_at + a', "greatest(v.recipient_tat, x.ended_at - interval '1 day' + a"],
    ],
  },
  {
    name: 'a conversation without its order',
    file: 'server/features/sending/sql/claim_messages.sql',
    breaks: /(left|was claimed) before an earlier one|began beside another/,
    change: [
      [
        'order by o.priority, o.seq limit 1) f\n      cross join lateral (select o.*',
        'order by o.priority desc, o.seq desc limit 1) f\n      cross join lateral (select o.*',
      ],
    ],
  },
  {
    name: 'an idempotency key that is only looked up',
    file: 'server/features/messages/sql/accept_messages.sql',
    breaks: /one key gave|are stored, and/,
    change: [
      [
        "when i.resource_id <> u.m then case when i.hash = u.h then 'replayed' else 'mismatch' end",
        "when i.resource_id <> u.m and i.hash <> u.h then 'mismatch'",
      ],
    ],
  },
  {
    name: 'a batch whose COMMIT was not heard of is written again',
    file: 'server/features/messages/sql/accept_messages.sql',
    breaks: /are stored, and|one key gave|was refused/,
    change: [["when p_again and exists (select 1 from message where id = u.m) then 'stored'\n", '']],
  },
  {
    name: 'an unknown outcome is sent again, whatever the setting',
    file: 'server/features/sending/sql/settle_unknown.sql',
    breaks: /against its setting|sent again though/,
    change: [['coalesce(m.on_unknown, a.on_unknown) as choice', "'retry' as choice"]],
  },
  {
    name: 'evidence for what was given up is not heard',
    file: 'server/features/sending/sql/project_messages.sql',
    breaks: /a receipt said/,
    change: [
      [
        '    where m.id = any (p_messages)),\n  moved as (',
        "    where m.id = any (p_messages) and m.status not in ('cancelled', 'expired')),\n  moved as (",
      ],
    ],
  },
  {
    name: 'the echo of a token is not read',
    file: 'server/features/inbound/sql/apply_receipts.sql',
    breaks: /a receipt said|did not come to rest/,
    change: [
      ['left join attempt b on b.token = u.token and', 'left join attempt b on false and b.token = u.token and'],
    ],
  },
  {
    name: 'a message that is being sent can be cancelled',
    file: 'server/features/sending/queue-store.ts',
    breaks: /the channel took it|was cancelled/,
    change: [
      ["sql`m.status = 'scheduled'`", "sql`m.status in ('scheduled', 'sending')`"],
      ["m.status in ('scheduled', 'queued') and", "m.status in ('scheduled', 'queued', 'sending') and"],
    ],
  },
  {
    name: 'a cancellation that waited for a claim does not look again',
    file: 'server/features/sending/queue-store.ts',
    breaks: /the channel took it|was cancelled/,
    change: [["m.status in ('scheduled', 'queued') and", "m.status in ('scheduled', 'queued', 'sending') and"]],
  },
  {
    name: 'a counter that a cancellation forgets',
    file: 'server/features/sending/queue-store.ts',
    breaks: /queued of a day: counted/,
    change: [
      [
        'set queued = greatest(0, d.queued - g.n)\n      from (select o.account_id',
        'set queued = d.queued\n      from (select o.account_id',
      ],
    ],
  },
  {
    name: 'a payload is closed before it is applied',
    file: 'server/features/inbound/receive-lane.ts',
    breaks: /a receipt said|were written to us/,
    change: [
      [
        '    const workOf = async ',
        '    await closePayloads(db, payloads.map(({ id }) => id), clock.sqlNow());\n    const workOf = async ',
      ],
    ],
  },
  {
    name: 'a call beside another to the same person',
    file: 'server/features/sending/sql/claim_messages.sql',
    breaks: /began beside another/,
    change: [
      [
        "and o.status in ('sending', 'unknown') and (o.status = 'sending' or o.due_at > t) limit 1) is null",
        "and o.status = 'unknown' and o.due_at > t limit 1) is null",
      ],
    ],
  },
  {
    name: 'a call beside a repeat whose message has been settled',
    file: 'server/features/sending/sql/claim_messages.sql',
    breaks: /began beside another/,
    change: [['where p.conversation_id <> all (silent)', 'where true']],
  },
  {
    name: 'no lock on the lane',
    file: 'server/features/sending/sql/claim_messages.sql',
    breaks: /the rate of|a day of \d+ sent|was exceeded/,
    change: [
      [
        "select * into l from lane where kind = 'send' and key = p_account for update;",
        "select * into l from lane where kind = 'send' and key = p_account;",
      ],
    ],
  },
  {
    name: 'an unknown outcome is sent again before its window is over',
    file: 'server/features/sending/sql/settle_unknown.sql',
    breaks: /before the window for receipts was over/,
    change: [
      ['m.settle_at <= t and heard_since', "m.settle_at <= t + interval '5 seconds' and heard_since"],
      ['m.settle_at <= t and (m.account_id', "m.settle_at <= t + interval '5 seconds' and (m.account_id"],
    ],
  },
  {
    name: 'a pause that a change of settings lifts',
    file: 'server/features/accounts/manage-account.ts',
    breaks: /was paused, and a call was claimed|its account is paused/,
    change: [["['rate_limit', 'daily_limit'], needs.clock", "['rate_limit', 'daily_limit', 'paused'], needs.clock"]],
  },
  {
    name: 'a deleted contact is written to again',
    file: 'server/features/sending/sql/record_attempts.sql',
    breaks: /after its contact had been deleted/,
    change: [['c.deleted_at is not null or p.deleted_at is not null as gone', 'c.deleted_at is not null as gone']],
  },
  {
    name: 'what comes in while its account is deleted stays queued',
    file: 'server/features/accounts/manage-account.ts',
    breaks: /did not come to rest|has no outcome/,
    change: [
      [
        "    await needs.cancelQueued(tx, caller.workspaceId, id, 'account_deleted');\n    await note(tx);",
        '    await note(tx);',
      ],
    ],
  },
  {
    name: 'quiet hours that a claim does not ask',
    file: 'server/features/sending/sql/claim_messages.sql',
    breaks: /in the quiet hours/,
    change: [
      [
        'order by f.turn, f.seq limit 400) c\n    where quiet is null or p.priority = 0),',
        'order by f.turn, f.seq limit 400) c),',
      ],
    ],
  },
  {
    name: 'conversations that are opened and not counted',
    file: 'server/features/sending/sql/claim_messages.sql',
    breaks: /opened on a day: counted|a day opened/,
    change: [['sent = e.sent + y.fresh, opened = e.opened + y.opened', 'sent = e.sent + y.fresh']],
  },
  {
    name: 'what may have arrived is sent again with the rest',
    file: 'server/features/sending/queue-store.ts',
    breaks: /with others though its outcome was unknown/,
    change: [["sql`m.error_code is distinct from 'unknown_outcome'`", 'sql`true`']],
  },
  {
    name: 'of a body with several items only the first is read',
    file: 'server/features/inbound/receive-lane.ts',
    breaks: /a receipt said|are not there|no outcome|come to rest/,
    change: [['channel.parse(payload.body) ?? []', 'channel.parse(payload.body).slice(0, 1) ?? []']],
  },
  {
    name: 'a wait that hides the pace',
    file: 'server/features/messages/waiting-store.ts',
    breaks: /in line behind nobody|for which there is no ground/,
    change: [
      ["<> 'daily_limit' then l.held_reason\n        when day", "<> 'daily_limit' then 'next'\n        when day"],
    ],
  },
  {
    name: 'a wait until a moment that has passed',
    file: 'server/features/messages/waiting-store.ts',
    breaks: /until a moment that has passed/,
    change: [["<> 'daily_limit' then nullif(l.held_until, 'infinity')", "<> 'daily_limit' then m.created_at"]],
  },
  {
    name: 'a kept count that forgets what failed',
    file: 'server/migrations/0002-counts.sql',
    breaks: /(there now|of all days) as \w+: counted/,
    change: [
      [
        'if not exists (select 1 from added) then return null; end if;\n  insert into message_change',
        "if not exists (select 1 from added where status <> 'failed') then return null; end if;\n  insert into message_change",
      ],
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
    file: 'server/engine/runner.ts',
    breaks: /stopped with a call in its hands/,
    change: [['stopping ? job.handBack().then(() => undefined)', 'stopping ? Promise.resolve(undefined)']],
  },
  {
    name: 'a process that stops does not wait for its calls',
    file: 'server/engine/runner.ts',
    breaks: /stopped with a call in its hands/,
    change: [['await Promise.race([this.idle(), over]);', 'await Promise.race([Promise.resolve(), over]);']],
  },
  {
    name: 'danger that ends by itself',
    file: 'server/features/sending/sql/hold_lanes.sql',
    breaks: /distrusts an account/,
    change: [
      [
        "held_until = case when x.class = 'flagged' then 'infinity' else",
        "held_until = case when x.class = 'flagged' then t + interval '1 minute' else",
      ],
    ],
  },
  {
    name: 'a signal of danger that is only noted',
    file: 'server/features/inbound/sql/apply_signals.sql',
    breaks: /distrusts an account/,
    change: [
      [
        'perform hold_lanes(t, accounts, classes,',
        "perform hold_lanes(t, accounts, array_replace(classes, 'flagged', 'throttled'),",
      ],
    ],
  },
  {
    name: 'what waits for its file keeps its place of the day',
    file: 'server/features/sending/sql/record_attempts.sql',
    breaks: /(queued|sent) of a day/,
    change: [['sent = greatest(0, d.sent - x.unsent)\n', 'sent = d.sent\n']],
  },
  {
    name: 'what a person wrote is not known again once it is erased',
    file: 'server/features/privacy/remove-store.ts',
    breaks: /was erased, and there is a message written to us left/,
    change: [
      [
        "and direction = 'inbound' and created_at > present(",
        "and direction = 'inbound' and false and created_at > present(",
      ],
    ],
  },
  {
    name: 'a person is erased while somebody calls',
    file: 'server/features/privacy/remove-store.ts',
    breaks: /was erased, and called for that afterwards/,
    change: [
      ["const still = sql`m.status not in ('scheduled', 'queued', 'sending', 'unknown')`;", 'const still = sql`true`;'],
    ],
  },
  {
    name: 'what expires in the queue has failed',
    file: 'server/features/sending/sql/expire_messages.sql',
    breaks: /failed without an attempt/,
    change: [
      [
        "update message m set status = 'expired', wait_reason = null,",
        "update message m set status = 'failed', failed_at = t, error_code = 'expired', error_title = 'Expired.', wait_reason = null,",
      ],
      [
        "'message.expired', account_id, id, event_count, t from gone",
        "'message.failed', account_id, id, event_count, t from gone",
      ],
    ],
  },
  {
    name: 'tries that are used up one too early',
    file: 'server/features/sending/sql/record_attempts.sql',
    breaks: /failed after \d tries/,
    change: [['m.tries + 1 >= c.retry_attempts', 'm.tries + 2 >= c.retry_attempts']],
  },
  {
    name: 'what is scheduled is due at once',
    file: 'server/features/messages/sql/accept_messages.sql',
    breaks: /was claimed before its time/,
    change: [['greatest(t, r.send_at), r.send_at, r.expires_at,', 't, r.send_at, r.expires_at,']],
  },
  {
    name: 'a claim that does not ask for the expiry',
    file: 'server/features/sending/sql/claim_messages.sql',
    breaks: /was claimed after its expiry/,
    change: [
      ['and (m.expires_at is null or m.expires_at > t)\n        order by m.turn', 'order by m.turn'],
      [
        "where o.conversation_id = p.conversation_id and o.status = 'queued' and (o.expires_at is null or o.expires_at > t)\n        order by",
        "where o.conversation_id = p.conversation_id and o.status = 'queued'\n        order by",
      ],
    ],
  },
  {
    name: 'a call that does not look at the expiry again',
    file: 'server/features/sending/send-lane.ts',
    breaks: /was called after its expiry/,
    change: [['elapsed >= message.expires_in_ms)', 'elapsed >= message.expires_in_ms + 1e9)']],
  },
  {
    name: 'an unknown outcome holds its conversation for one minute',
    file: 'server/features/sending/sql/claim_messages.sql',
    breaks: /though an unknown outcome held its conversation/,
    change: [
      [
        "and (o.status = 'sending' or o.due_at > t) limit 1) is null",
        "and (o.status = 'sending' or o.due_at - interval '1 minute' > t) limit 1) is null",
      ],
    ],
  },
  {
    name: 'an unknown outcome holds its conversation for ten minutes, and says so',
    file: 'server/features/sending/sql/unknown_since.sql',
    breaks: /says conversation_order, for which there is no ground/,
    change: [
      ["m.due_at - interval '2 minutes'", "m.due_at - interval '10 minutes'"],
      [
        "then t + interval '2 minutes' else m.due_at end",
        "then t + interval '10 minutes' else m.due_at end",
        'server/features/sending/sql/project_messages.sql',
      ],
    ],
  },
  {
    name: 'an unknown outcome holds its conversation for ten minutes',
    file: 'server/features/sending/sql/claim_messages.sql',
    breaks: /in line behind nobody/,
    change: [
      [
        "and (o.status = 'sending' or o.due_at > t) limit 1) is null",
        "and (o.status = 'sending' or o.due_at + interval '8 minutes' > t) limit 1) is null",
      ],
    ],
  },
];
