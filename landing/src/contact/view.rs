//! The contact form as it is drawn: empty, filled with what was refused, or replaced by thanks.

use uuid::Uuid;

use super::model::ContactPost;
use super::refusal::Refusal;
use super::words::{COMPANY, EMAIL, FieldWords, HOMEPAGE, MESSAGE};

/// Everything that the form's template asks for.
#[derive(Clone, Debug, Default)]
pub struct ContactView {
    /// The form's id.
    pub form: Uuid,
    /// When it was drawn, sealed.
    pub stamp: String,
    /// What stands in the fields.
    pub email: String,
    /// The company.
    pub company: String,
    /// The message.
    pub message: String,
    /// The trap, shown once it has caught somebody, who may be a person.
    pub homepage: String,
    /// What happened, when the form comes back.
    pub notice: Option<String>,
    /// The letter is stored: thanks stand in place of the form.
    pub sent: bool,
    /// Names of the fields that are not right, and what is said about each.
    faults: Vec<(&'static str, &'static str)>,
}

impl ContactView {
    /// A form that nobody has touched.
    pub fn empty(form: Uuid, stamp: String) -> Self {
        Self { form, stamp, ..Self::default() }
    }

    /// Thanks.
    pub fn thanks() -> Self {
        Self { sent: true, ..Self::default() }
    }

    /// The form again, with what was typed and why it was not taken.
    pub fn again(post: &ContactPost, refusal: &Refusal, form: Uuid, stamp: String) -> Self {
        Self {
            form,
            stamp,
            email: post.email.clone(),
            company: post.company.clone(),
            message: post.message.clone(),
            homepage: post.homepage.clone(),
            notice: Some(refusal.notice()),
            sent: false,
            faults: refusal.faults(post),
        }
    }

    /// What is said about a field; `None` while it is right.
    pub fn fault(&self, field: &FieldWords) -> Option<&'static str> {
        self.faults.iter().find(|(name, _)| *name == field.name).map(|(_, sentence)| *sentence)
    }

    /// Whether a field is the first that is not right: there the visitor goes on.
    pub fn is_first_fault(&self, field: &FieldWords) -> bool {
        self.faults.first().is_some_and(|(name, _)| *name == field.name)
    }

    /// The words of the e-mail field.
    pub fn email_words(&self) -> &'static FieldWords {
        &EMAIL
    }

    /// The words of the company field.
    pub fn company_words(&self) -> &'static FieldWords {
        &COMPANY
    }

    /// The words of the message field.
    pub fn message_words(&self) -> &'static FieldWords {
        &MESSAGE
    }

    /// The words of the trap.
    pub fn homepage_words(&self) -> &'static FieldWords {
        &HOMEPAGE
    }
}
