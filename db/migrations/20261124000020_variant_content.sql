-- What the landing page says in a variant, and in which colours. Owner: abtest; landing draws it.

alter table experiments
    -- An object: `contract::VariantContent` by variant. A variant that has an entry can be drawn, whatever its name.
    add column variant_content jsonb not null default '{}',
    add constraint experiments_variant_content_is_object check (jsonb_typeof(variant_content) = 'object');
