//! What a page shows, and why. The reason travels with the variant, into the log and into the page's events.

use super::view::Variant;
use crate::abtest::Advice;
use crate::visitor::Visitor;

/// A decided variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        match (forced, visitor.id(), advice.assigned) {
            (Some(variant), _, _) => Self::Forced(variant),
            (None, None, _) => Self::Unassigned(advice.configuration.control()),
            (None, Some(_), Some(variant)) => Self::Assigned(variant),
            (None, Some(visitor), None) => Self::Fallback(advice.configuration.variant_by_rule(visitor)),
        }
    }

    /// What to show.
    pub fn variant(self) -> Variant {
        match self {
            Self::Assigned(variant) | Self::Forced(variant) | Self::Fallback(variant) | Self::Unassigned(variant) => {
                variant
            }
        }
    }

    /// Whether what happens on the page may name the experiment.
    pub fn is_part_of_experiment(self) -> bool {
        matches!(self, Self::Assigned(_) | Self::Fallback(_))
    }
}
