-- Version 11: whom to ask in each unit when it is urged.

create table unit_contact (
    unit_id uuid not null,
    name varchar not null,
    phone varchar not null,
    entry_number bigint not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);
comment on table unit_contact is '单位的催办联系人和电话，最后一行有效';
