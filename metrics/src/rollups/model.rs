//! What an event counts as. One pure fold serves the worker, which writes its outcome down, and readers, who add the
//! events that the worker has not reached yet: so both agree by construction.

use std::collections::HashMap;

use roaring::RoaringBitmap;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// An event as far as it is counted.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Its place in the order of commits.
    pub seq: i64,
    /// Whose it is.
    pub visitor_id: String,
    /// What it is counted together with.
    pub group: GroupKey,
    /// When it was recorded.
    pub created_at: OffsetDateTime,
}

/// What is counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupKey {
    /// The experiment.
    pub experiment_id: Option<Uuid>,
    /// The variant.
    pub variant: Option<String>,
    /// The type.
    pub event_type: String,
    /// The name.
    pub event_name: Option<String>,
    /// For clicks in the music player: the track.
    pub track: Option<String>,
    /// Why the events enter no result.
    pub excluded: Option<String>,
}

/// Which visitors a set holds; see the migration for what the scopes mean.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SetKey {
    /// Over what the set is kept.
    pub scope: Scope,
    /// The experiment, where the scope has one.
    pub experiment_id: Option<Uuid>,
    /// The variant, where the scope has one.
    pub variant: Option<String>,
    /// What the visitors did.
    pub step: Step,
    /// Why the events enter no result; of `Hourly` sets only.
    pub excluded: Option<String>,
}

/// Over what a set is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Each hour by itself.
    Hourly,
    /// Everybody, ever.
    All,
    /// Everybody of an experiment, ever.
    Experiment,
    /// Those of a variant in whichever experiment, ever.
    Variant,
    /// Those of a variant in an experiment, ever.
    Both,
}

/// What a visitor did, as far as visitors are counted by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Saw a page.
    PageView,
    /// Clicked.
    Click,
    /// Sent a form.
    FormSubmit,
    /// Something else.
    Other,
    /// Anything at all.
    Any,
}

/// What events come to.
#[derive(Clone, Debug, Default)]
pub struct Fold {
    /// Events by group, hour and quarter of the hour.
    pub counts: HashMap<(GroupKey, OffsetDateTime), [i64; 4]>,
    /// Visitors by hourly set and hour.
    pub hourly: HashMap<(SetKey, OffsetDateTime), RoaringBitmap>,
    /// Visitors by set over all time.
    pub totals: HashMap<SetKey, RoaringBitmap>,
}

impl Scope {
    /// As the database spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hourly => "hourly",
            Self::All => "all",
            Self::Experiment => "experiment",
            Self::Variant => "variant",
            Self::Both => "both",
        }
    }

    /// The scope that the database spells so.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Hourly, Self::All, Self::Experiment, Self::Variant, Self::Both]
            .into_iter()
            .find(|one| one.as_str() == name)
    }
}

impl Step {
    /// The step that events of a type are.
    pub fn of(event_type: &str) -> Self {
        match event_type {
            "page_view" => Self::PageView,
            "click" => Self::Click,
            "form_submit" => Self::FormSubmit,
            _ => Self::Other,
        }
    }

    /// As the database spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PageView => "page_view",
            Self::Click => "click",
            Self::FormSubmit => "form_submit",
            Self::Other => "other",
            Self::Any => "any",
        }
    }

    /// The step that the database spells so.
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::PageView, Self::Click, Self::FormSubmit, Self::Other, Self::Any];
        all.into_iter().find(|one| one.as_str() == name)
    }
}

impl GroupKey {
    /// Tells the group from all others, in a length that an index takes.
    pub fn digest(&self) -> Uuid {
        let experiment = self.experiment_id.map(|id| id.to_string());
        digest(&[
            experiment.as_deref(),
            self.variant.as_deref(),
            Some(&self.event_type),
            self.event_name.as_deref(),
            self.track.as_deref(),
            self.excluded.as_deref(),
        ])
    }

    /// The set whose members are counted hour by hour.
    pub fn hourly_set(&self) -> SetKey {
        SetKey {
            scope: Scope::Hourly,
            experiment_id: self.experiment_id,
            variant: self.variant.clone(),
            step: Step::of(&self.event_type),
            excluded: self.excluded.clone(),
        }
    }
}

impl SetKey {
    /// Tells the set from all others, in a length that an index takes.
    pub fn digest(&self) -> Uuid {
        let experiment = self.experiment_id.map(|id| id.to_string());
        digest(&[
            Some(self.scope.as_str()),
            experiment.as_deref(),
            self.variant.as_deref(),
            Some(self.step.as_str()),
            self.excluded.as_deref(),
        ])
    }

    /// The sets over all time that the visitors of an hourly set belong to.
    pub fn totals(&self) -> Vec<SetKey> {
        let set = |scope, experiment_id, variant: &Option<String>, step| SetKey {
            scope,
            experiment_id,
            variant: variant.clone(),
            step,
            excluded: None,
        };
        let mut sets = vec![set(Scope::All, None, &None, Step::Any)];
        if self.experiment_id.is_some() {
            sets.push(set(Scope::Experiment, self.experiment_id, &None, Step::Any));
        }
        // Conversion is told of variants only.
        if self.variant.is_some() && self.step != Step::Other {
            sets.push(set(Scope::Variant, None, &self.variant, self.step));
            if self.experiment_id.is_some() {
                sets.push(set(Scope::Both, self.experiment_id, &self.variant, self.step));
            }
        }
        sets
    }
}

/// The start of a SHA-256 over the fields, each with its length, so that no two lists of fields read the same.
fn digest(fields: &[Option<&str>]) -> Uuid {
    let mut hash = Sha256::new();
    for field in fields {
        match field {
            None => hash.update(u64::MAX.to_be_bytes()),
            Some(text) => {
                hash.update((text.len() as u64).to_be_bytes());
                hash.update(text.as_bytes());
            }
        }
    }
    let mut start = [0; 16];
    start.copy_from_slice(&hash.finalize()[..16]);
    Uuid::from_bytes(start)
}

/// What these events come to; `number` knows every visitor among them.
pub fn fold(events: &[Counted], number: impl Fn(&str) -> u32) -> Fold {
    let mut fold = Fold::default();
    // The few groups and hours of a fold are told apart once, and each event is then a step of a counter and of a bitmap.
    let mut cells: HashMap<(&GroupKey, OffsetDateTime), ([i64; 4], RoaringBitmap)> = HashMap::new();
    for event in events {
        let (counts, visitors) = cells.entry((&event.group, hour_of(event.created_at))).or_default();
        counts[quarter_of(event.created_at)] += 1;
        visitors.insert(number(&event.visitor_id));
    }
    for ((group, hour), (counts, visitors)) in cells {
        let set = group.hourly_set();
        for total in set.totals() {
            *fold.totals.entry(total).or_default() |= &visitors;
        }
        *fold.hourly.entry((set, hour)).or_default() |= visitors;
        fold.counts.insert((group.clone(), hour), counts);
    }
    fold
}

/// The start of the hour, in UTC.
pub fn hour_of(moment: OffsetDateTime) -> OffsetDateTime {
    floor(moment, 3600)
}

/// The start of the quarter of an hour.
pub fn quarter_start(moment: OffsetDateTime) -> OffsetDateTime {
    floor(moment, 900)
}

/// Which quarter of its hour a moment is in.
pub fn quarter_of(moment: OffsetDateTime) -> usize {
    usize::from(moment.minute() / 15)
}

fn floor(moment: OffsetDateTime, seconds: i64) -> OffsetDateTime {
    let past = Duration::seconds(moment.unix_timestamp().rem_euclid(seconds));
    moment.replace_nanosecond(0).expect("zero is a nanosecond") - past
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn event(visitor: &str, event_type: &str, variant: Option<&str>, at: OffsetDateTime) -> Counted {
        let group = GroupKey {
            experiment_id: Some(Uuid::nil()),
            variant: variant.map(str::to_owned),
            event_type: event_type.to_owned(),
            event_name: None,
            track: None,
            excluded: None,
        };
        Counted { seq: 0, visitor_id: visitor.to_owned(), group, created_at: at }
    }

    #[test]
    fn events_fall_into_quarters_of_hours_also_before_1970() {
        let noon = datetime!(2026-01-02 12:00 UTC);
        assert_eq!(hour_of(datetime!(2026-01-02 12:59:59.999999 UTC)), noon);
        assert_eq!(quarter_of(datetime!(2026-01-02 12:44:59.999999 UTC)), 2);
        assert_eq!(quarter_start(datetime!(2026-01-02 12:45 UTC)), datetime!(2026-01-02 12:45 UTC));
        assert_eq!(hour_of(datetime!(1969-12-31 23:59:59.5 UTC)), datetime!(1969-12-31 23:00 UTC));
    }

    #[test]
    fn a_visitor_is_a_member_once_and_events_count_each() {
        let noon = datetime!(2026-01-02 12:00 UTC);
        let later = datetime!(2026-01-02 12:50 UTC);
        let events = [
            event("a", "click", Some("neon"), noon),
            event("a", "click", Some("neon"), later),
            event("b", "scroll", None, noon),
        ];
        let fold = fold(&events, |visitor| u32::from(visitor == "b"));
        assert_eq!(fold.counts[&(events[0].group.clone(), noon)], [1, 0, 0, 1]);
        assert_eq!(fold.hourly[&(events[0].group.hourly_set(), noon)].len(), 1);
        let mut sizes: Vec<_> = fold.totals.iter().map(|(set, members)| (set.scope, members.len())).collect();
        sizes.sort_unstable();
        assert_eq!(sizes, [(Scope::All, 2), (Scope::Experiment, 2), (Scope::Variant, 1), (Scope::Both, 1)]);
    }

    #[test]
    fn neighbouring_fields_do_not_flow_into_each_other() {
        assert_ne!(digest(&[Some("ab"), None]), digest(&[Some("a"), Some("b")]));
        assert_ne!(digest(&[Some("a"), None]), digest(&[None, Some("a")]));
        assert_ne!(digest(&[Some("")]), digest(&[None]));
    }
}
