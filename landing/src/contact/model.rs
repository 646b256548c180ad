//! What a browser posts with the contact form, and what becomes of it.

use pushnami_common::contract::NewLead;
use pushnami_common::ids::{ExperimentId, VisitorId};
use pushnami_common::text;
use serde_json::{Value, json};
use uuid::Uuid;

use super::words::FieldWords;

/// A posted form. Whatever a browser makes of the hidden fields, the form can be read: what is not in order is left out.
#[derive(Clone, Debug, Default)]
pub struct ContactPost {
    /// The form's own id, made when it was drawn.
    pub form: Option<Uuid>,
    /// When it was drawn, sealed.
    pub stamp: String,
    /// The e-mail address, without the blanks around it.
    pub email: String,
    /// The company.
    pub company: String,
    /// The message.
    pub message: String,
    /// The trap.
    pub homepage: String,
    /// The page it was on.
    pub page: PostedPage,
}

/// Which page a form was on.
#[derive(Clone, Debug, Default)]
pub struct PostedPage {
    /// Its variant.
    pub variant: Option<String>,
    /// The experiment that chose the variant.
    pub experiment_id: Option<Uuid>,
    /// The variant was forced with `?variant=`.
    pub preview: bool,
}

impl ContactPost {
    /// Reads the body of a posted form; of several fields with one name the first counts.
    pub fn parse(body: &[u8]) -> Self {
        let pairs: Vec<(String, String)> = serde_html_form::from_bytes(body).unwrap_or_default();
        let field = |name: &str| {
            let found = pairs.iter().find(|(given, _)| given == name);
            found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        Self {
            form: field("form").parse().ok(),
            stamp: field("stamp"),
            email: field("email"),
            company: field("company"),
            // Browsers post line breaks as two characters, and count them as one.
            message: field("message").replace("\r\n", "\n"),
            homepage: field("homepage"),
            page: PostedPage {
                variant: Some(field("variant")).filter(|name| text::check_name(name, 255).is_ok()),
                experiment_id: field("experiment_id").parse().ok(),
                preview: field("preview") == "true",
            },
        }
    }

    /// What was typed into a field.
    pub fn value(&self, field: &FieldWords) -> &str {
        match field.name {
            "email" => &self.email,
            "company" => &self.company,
            "message" => &self.message,
            _ => &self.homepage,
        }
    }

    /// The lead, of this visitor where they are known. Who asked not to be recorded belongs to no experiment.
    pub fn lead(&self, visitor_id: Option<VisitorId>) -> NewLead {
        let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let experiment_id = self.page.experiment_id.filter(|_| visitor_id.is_some() && !self.page.preview);
        NewLead {
            id: self.form.map(|form| self.lead_id(form)),
            email: self.email.clone(),
            company: said(&self.company),
            message: said(&self.message),
            visitor_id,
            experiment_id: experiment_id.map(ExperimentId),
            variant: self.page.variant.clone(),
            homepage: said(&self.homepage),
        }
    }

    /// The same letter from the same form, sent twice, is one lead; another letter from that form (somebody went back and
    /// wrote again) is another. Hence a name-based id (UUID version 5): the form's id and what was written make it.
    fn lead_id(&self, form: Uuid) -> Uuid {
        Uuid::new_v5(&form, json!([self.email, self.company, self.message]).to_string().as_bytes())
    }

    /// The event that the page's script would have recorded, for a page whose script does not run. Its id follows from the
    /// lead's, so that it counts once however often the form is posted.
    pub fn event(&self, lead: &NewLead, page_url: Option<&str>, user_agent: Option<&str>) -> Option<Value> {
        let visitor_id = lead.visitor_id.as_ref()?;
        let mut metadata = json!({ "has_email": true, "has_company": lead.company.is_some() });
        if self.page.preview {
            metadata["preview"] = true.into();
        }
        Some(json!({
            "id": Uuid::new_v5(&lead.id?, b"form_submit"), "visitor_id": visitor_id, "user_agent": user_agent,
            "event_type": "form_submit", "event_name": "contact_form", "experiment_id": lead.experiment_id,
            "variant": lead.variant, "metadata": metadata, "page_url": page_url,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "01980000-0000-7000-8000-0000000000f0";

    fn post(email: &str) -> ContactPost {
        ContactPost::parse(format!("form={FORM}&email={email}&variant=neon&homepage=").as_bytes())
    }

    #[test]
    fn one_letter_is_one_lead_and_another_letter_another() {
        let id = |email| post(email).lead(None).id.unwrap();
        assert_eq!(id("daphne%40example.com"), id("%20daphne%40example.com"));
        assert_ne!(id("daphne%40example.com"), id("apollo%40example.com"));
        let elsewhere = ContactPost { form: Some(Uuid::nil()), ..post("daphne%40example.com") };
        assert_ne!(elsewhere.lead(None).id.unwrap(), id("daphne%40example.com"));
    }

    #[test]
    fn whatever_is_posted_can_be_read() {
        for body in ["", "&&==", "form=1&experiment_id=x&variant=dawn&preview=yes", "%ff=%ff&email=%ff", "email"] {
            let post = ContactPost::parse(body.as_bytes());
            assert!(post.form.is_none() && post.page.experiment_id.is_none() && !post.page.preview, "{body}");
        }
        let variant = |body: &str| ContactPost::parse(body.as_bytes()).page.variant;
        assert_eq!(variant("variant=muses").as_deref(), Some("muses"));
        assert_eq!(
            [variant("variant="), variant("variant=%00"), variant(&format!("variant={}", "a".repeat(256)))],
            [const { None }; 3]
        );
        assert_eq!(ContactPost::parse(b"message=a%0D%0Ab&message=c").message, "a\nb");
    }

    #[test]
    fn who_is_not_known_belongs_to_no_experiment_and_is_no_event() {
        let page = PostedPage { experiment_id: Some(Uuid::max()), ..PostedPage::default() };
        let post = ContactPost { page, ..post("daphne%40example.com") };
        let lead = post.lead(None);
        assert_eq!((lead.experiment_id, post.event(&lead, None, None)), (None, None));
        let known = post.lead(Some("alice".parse().unwrap()));
        assert_eq!(known.experiment_id, Some(ExperimentId(Uuid::max())));
        let event = post.event(&known, None, None).unwrap();
        assert_eq!(event["metadata"], json!({ "has_email": true, "has_company": false }));
        assert!(!event.to_string().contains("daphne"));
    }
}
