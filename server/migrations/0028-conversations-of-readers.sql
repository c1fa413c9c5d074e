-- The rule of reads_conversation, written out: PostgreSQL then reads who asks once for a statement. As a call it asks once
-- for each conversation, which takes seconds with tens of thousands.
alter policy limited on conversation using (
  assignee_id = (select own_reader())
    or assigned_by = (select own_reader()) and assigned_at > now() - interval '1 day'
    or answered_by = (select own_reader()) and assignee_id is null
    or team_id = any ((select own_teams())::uuid[]) and (assignee_id is null or (select reads_teams()))
    or team_id is null and assignee_id is null and (select reads_teams())
    or id = any ((select own_mentions())::uuid[]));
