-- The fields of webhooks that Meta refused to an app when its callback was set; null: nobody has asked yet.
alter table meta_app add column refused_fields text[];
grant select (refused_fields) on meta_app to recado_api;
