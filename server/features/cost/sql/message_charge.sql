-- What a message costs, as the columns of message keep it.
create type message_charge as (
  charge_day date, charge_card int, charge_amount numeric, charge_surcharge numeric, charge_category text,
  charge_country text, charge_type text)
