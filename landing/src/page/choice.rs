//! What a page shows, and why. The reason travels with the variant, into the log and into the page's events.

use std::sync::LazyLock;

use ::metrics::{Counter, counter, describe_counter};

use super::variant::Variant;
use crate::abtest::Advice;
use crate::visitor::Visitor;

const WRITTEN: &str = "pushnami_pages_total";

/// Pages by choice; looked up once.
static PAGES: LazyLock<[Counter; 4]> = LazyLock::new(|| {
    ["assigned", "forced", "fallback", "unassigned"].map(|choice| counter!(WRITTEN, "choice" => choice))
});

/// Says what is counted, and starts each at zero.
pub fn describe() {
    describe_counter!(WRITTEN, "Pages, by how their variant was chosen; `fallback` is while abtest does not answer.");
    for choice in &*PAGES {
        choice.increment(0);
    }
}

/// A decided variant.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// abtest remembers it.
    Assigned(Variant),
    /// `?variant=` asked for it.
    Forced(Variant),
    /// abtest did not say: the frozen rule over what we know, which gives the same answer to all but those whose split
    /// has changed since they came.
    Fallback(Variant),
    /// Nobody is to be assigned: the visitor asked not to be recorded.
    Unassigned(Variant),
}

impl Choice {
    /// Decides, from what was asked for, who asked, and what abtest said.
    pub fn of(forced: Option<Variant>, visitor: &Visitor, advice: &Advice) -> Self {
        match (forced, visitor.id(), advice.assigned.clone()) {
            (Some(variant), _, _) => Self::Forced(variant),
            (None, None, _) => Self::Unassigned(advice.configuration.control()),
            (None, Some(_), Some(variant)) => Self::Assigned(variant),
            (None, Some(visitor), None) => Self::Fallback(advice.configuration.variant_by_rule(visitor)),
        }
    }

    /// Counts a page of this choice.
    pub fn count(&self) {
        let [assigned, forced, fallback, unassigned] = &*PAGES;
        match self {
            Self::Assigned(_) => assigned,
            Self::Forced(_) => forced,
            Self::Fallback(_) => fallback,
            Self::Unassigned(_) => unassigned,
        }
        .increment(1);
    }

    /// What to show.
    pub fn variant(&self) -> &Variant {
        match self {
            Self::Assigned(variant) | Self::Forced(variant) | Self::Fallback(variant) | Self::Unassigned(variant) => {
                variant
            }
        }
    }

    /// Whether what happens on the page may name the experiment.
    pub fn is_part_of_experiment(&self) -> bool {
        matches!(self, Self::Assigned(_) | Self::Fallback(_))
    }
}
