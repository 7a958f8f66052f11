-- Version 10: by which rule each part of a task was read.

alter table task add column reading_basis varchar[];
comment on column task.reading_basis is '读法依据：责任单位、角色、期限、指标各自按哪条规则读出，一条一句；此列加入前导入的为空';
