-- An alert may be about a team.
alter table alert drop constraint alert_subject_kind_check, add constraint alert_subject_kind_check
  check (subject_kind in ('account', 'endpoint', 'template', 'team', 'workspace'));
