-- Whether a message only says thanks, in few words or in pictures, so that it asks for no answer.
create function says_thanks(p_type text, p_content jsonb) returns boolean language sql immutable parallel safe as $$
  select p_type = 'text' and length(b.body) < 60 and (w.word = '' or w.word = any ('{ok,okay,"ok thanks","ok thank you",
    thanks,"thanks a lot","many thanks","thank you","thank you so much","thank you very much",great,perfect,
    obrigado,obrigada,"muito obrigado","muito obrigada","ok obrigado","ok obrigada",valeu,perfeito,
    gracias,"muchas gracias","mil gracias","ok gracias",perfecto,
    merci,danke,شكرا,شكرًا,"شكرا لك","شكرا جزيلا"}'::text[]))
  from (select p_content ->> 'body' as body) b
  cross join lateral (select btrim(lower(regexp_replace(b.body,
    '[\u200D\u20E3\u2190-\u2BFF\uFE0F\U0001F000-\U0001FAFF\U000E0020-\U000E007F]',
    '', 'g')), E' \n\t.,!') as word) w $$;
