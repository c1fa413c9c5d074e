// Groups: who is in them, and how they address their members.
import type { BinaryNode } from 'baileys';
import type { Account, Addressing } from './accounts.ts';
import { node, now } from './nodes.ts';

export class Group {
  readonly createdAt = now();

  constructor(
    /** Its address, `…@g.us`. */
    readonly jid: string,
    readonly name: string,
    /** Whether members see each other's numbers, or LIDs. */
    readonly addressing: Addressing,
    readonly members: Account[],
  ) {}

  /** What a client gets that asks for the group. The first member made it. */
  metadata(): BinaryNode {
    const creator = this.members[0];
    return node(
      'group',
      {
        id: this.jid.split('@')[0],
        subject: this.name,
        s_t: this.createdAt,
        creation: this.createdAt,
        creator: creator?.jid(this.addressing),
        creator_pn: this.addressing === 'lid' ? creator?.jid('pn') : undefined,
        addressing_mode: this.addressing,
        size: String(this.members.length),
      },
      this.members.map((member, index) =>
        node('participant', {
          jid: member.jid(this.addressing),
          phone_number: this.addressing === 'lid' ? member.jid('pn') : undefined,
          lid: this.addressing === 'pn' ? member.jid('lid') : undefined,
          type: index === 0 ? 'superadmin' : undefined,
        }),
      ),
    );
  }
}
