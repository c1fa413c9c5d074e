-- The template that people send instead of a saved reply while the 24-hour window is closed; null for none.
alter table saved_reply
  add column template text,
  add column template_language text,
  add constraint saved_reply_template check ((template is null) = (template_language is null));
