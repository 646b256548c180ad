//! What the contact form says about a field. The page's script finds the same sentences in the markup, so that a visitor
//! reads the same words whoever noticed the fault.

use pushnami_common::contract::{COMPANY_CHARS, EMAIL_CHARS, MESSAGE_CHARS};

/// One field of the form, and what is said about it.
#[derive(Debug)]
pub struct FieldWords {
    /// The name under which it is posted and refused.
    pub name: &'static str,
    /// The most characters it may hold.
    pub most: usize,
    /// Nothing stands in it, and something must.
    pub missing: &'static str,
    /// What stands in it is not what it is for.
    pub wrong: &'static str,
    /// Too much stands in it.
    pub long: &'static str,
    /// It holds characters that nobody can see.
    pub odd: &'static str,
}

const ODD: &str = "Some characters in here cannot be seen or printed. Please type this anew.";

/// Where an answer goes.
pub static EMAIL: FieldWords = FieldWords {
    name: "email",
    most: EMAIL_CHARS,
    missing: "Please leave an address, or no answer can reach you.",
    wrong: "This is not a whole e-mail address. One looks like daphne@example.com.",
    long: "An address may have 254 characters at most.",
    odd: ODD,
};

/// Whom the visitor works for.
pub static COMPANY: FieldWords = FieldWords {
    name: "company",
    most: COMPANY_CHARS,
    missing: "",
    wrong: "This does not look like a name.",
    long: "A name may have 200 characters here; please shorten it.",
    odd: ODD,
};

/// What else there is to say.
pub static MESSAGE: FieldWords = FieldWords {
    name: "message",
    most: MESSAGE_CHARS,
    missing: "",
    wrong: "This does not look like a message.",
    long: "A message may have 2000 characters; please keep the rest for the answer to our answer.",
    odd: ODD,
};

/// The trap. Only a person whose browser filled it ever reads this.
pub static HOMEPAGE: FieldWords = FieldWords {
    name: "homepage",
    most: 0,
    missing: "",
    wrong: "Please empty this field. It is here to catch robots, and your browser may have filled it for you.",
    long: "",
    odd: "",
};

/// All of them, in their order on the page.
pub static FIELDS: [&FieldWords; 4] = [&EMAIL, &COMPANY, &MESSAGE, &HOMEPAGE];

impl FieldWords {
    /// The sentence for a value that was refused.
    pub fn about(&self, value: &str) -> &'static str {
        let chars = value.chars().count();
        let is_odd = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
        if value.trim().is_empty() && !self.missing.is_empty() {
            self.missing
        } else if chars > self.most && !self.long.is_empty() {
            self.long
        } else if value.contains(is_odd) && !self.odd.is_empty() {
            self.odd
        } else {
            self.wrong
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_fits_the_fault() {
        assert_eq!(EMAIL.about(" "), EMAIL.missing);
        assert_eq!(EMAIL.about("daphne"), EMAIL.wrong);
        assert_eq!(EMAIL.about("daphne@exa\u{1b}mple.com"), ODD);
        assert_eq!(MESSAGE.about(&"Ω".repeat(2001)), MESSAGE.long);
        assert_eq!(HOMEPAGE.about("https://buy.example"), HOMEPAGE.wrong);
    }

    #[test]
    fn the_sentences_name_the_limits_that_hold() {
        for field in [&EMAIL, &COMPANY, &MESSAGE] {
            assert!(field.long.contains(&field.most.to_string()), "{}", field.name);
        }
    }
}
