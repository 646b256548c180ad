-- What an experiment is planned to show. Owner: abtest; metrics reads it.

-- As `contract::ExperimentPlan` spells it; null without a plan. It stays as it is from the first assignment on: numbers that are
-- watched all the time are only right for an error rate and a tuning that were fixed before.
alter table experiments
    add column plan jsonb,
    add constraint experiments_plan_is_object check (jsonb_typeof(plan) = 'object');
