-- Who was refused for errors of the channel itself since somebody got through: conversations, at most 20. A number that
-- always gets such an error counts once in lane.refused.
alter table lane add column refused_by uuid[] not null default '{}';
