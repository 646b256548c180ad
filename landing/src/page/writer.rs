//! Writes a page for one visitor: decides what it shows, draws it, and adds the headers that every page has.

use std::sync::Arc;

use axum::extract::FromRef;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, SET_COOKIE, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use axum_extra::extract::cookie::Cookie;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use pushnami_common::auth::AdminKey;
use pushnami_common::clock::Clock;
use pushnami_common::ids::new_id;
use pushnami_common::telemetry::trace_context::TraceContext;
use rand::RngExt;
use uuid::Uuid;

use super::assets::Assets;
use super::choice::Choice;
use super::crawlers::PublicUrl;
use super::draft;
use super::mould::{Kind, Moulds};
use super::variant::Variant;
use super::view::{PageView, render};
use crate::abtest::{Abtest, Advice, cookie};
use crate::contact::model::PostedPage;
use crate::contact::stamp::stamp;
use crate::contact::view::ContactView;
use crate::state::AppState;
use crate::visitor::Visitor;

/// What writing a page takes.
#[derive(Clone, Debug)]
pub struct PageWriter {
    abtest: Abtest,
    clock: Clock,
    admin: AdminKey,
    assets: Arc<Assets>,
    allowed_origins: Arc<[String]>,
    public_url: PublicUrl,
    moulds: Arc<Moulds>,
}

/// How many of the things are looked up that one address asks to see.
const MOST_WANTED: usize = 4;

/// What somebody asks to see, in place of what they would be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The variant of this name.
    Variant(String),
    /// What the admin sealed.
    Draft(String),
}

/// What was decided about one page.
struct Decided<'a> {
    variant: &'a Variant,
    experiment_id: Option<Uuid>,
    preview: bool,
    recording: bool,
    advice: &'a Advice,
}

impl FromRef<AppState> for PageWriter {
    fn from_ref(state: &AppState) -> Self {
        Self {
            abtest: state.abtest.clone(),
            clock: state.clock.clone(),
            admin: state.admin.clone(),
            assets: Arc::clone(&state.assets),
            allowed_origins: Arc::clone(&state.allowed_origins),
            public_url: state.public_url.clone(),
            moulds: Arc::clone(&state.moulds),
        }
    }
}

impl PageWriter {
    /// The page, in the first that is wanted and can be drawn, or else in the one that the visitor has; with thanks,
    /// where a letter was just `sent`.
    pub async fn write(&self, wanted: &[Wanted], sent: bool, headers: &HeaderMap, trace: &TraceContext) -> Response {
        let now = self.clock.now();
        let visitor = Visitor::of(headers, now);
        let forced = self.forced(wanted, headers, trace).await;
        // Who is not to be assigned is not asked for.
        let advice = self.abtest.ask(visitor.id().filter(|_| forced.is_none()), headers, trace).await;
        let preview = forced.is_some();
        let choice = Choice::of(forced, &visitor, &advice);
        choice.count();
        tracing::debug!(?choice, "chose a variant");
        let contact =
            if sent { ContactView::thanks() } else { ContactView::empty(new_id(now), stamp(&self.admin, now).await) };
        let decided = Decided {
            variant: choice.variant(),
            experiment_id: advice
                .configuration
                .experiment_id()
                .filter(|_| choice.is_part_of_experiment())
                .map(|id| id.0),
            preview,
            // Who writes a draft looks at it after every word: that is no visit.
            recording: visitor != Visitor::Unrecorded && choice.variant().place().is_some(),
            advice: &advice,
        };
        let mut response = if sent { self.draw(&decided, &contact) } else { self.cast(&decided, &contact) };
        let assignment = self.assignment_cookie(&choice, &visitor, &advice, headers).await;
        for cookie in [visitor.cookie(headers), assignment].into_iter().flatten() {
            let value = HeaderValue::from_str(&cookie.encoded().to_string()).expect("a cookie of ours is plain ASCII");
            response.headers_mut().append(SET_COOKIE, value);
        }
        response
    }

    /// The first of these that can be drawn.
    async fn forced(&self, wanted: &[Wanted], headers: &HeaderMap, trace: &TraceContext) -> Option<Variant> {
        for wanted in wanted.iter().take(MOST_WANTED) {
            let found = match wanted {
                Wanted::Draft(sealed) => draft::read(&self.admin, sealed, self.clock.now()).await,
                Wanted::Variant(name) => self.abtest.ask(None, headers, trace).await.configuration.variant(name),
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// What the visitor is to bring along the next time, where abtest has just said it.
    async fn assignment_cookie(
        &self,
        choice: &Choice,
        visitor: &Visitor,
        advice: &Advice,
        headers: &HeaderMap,
    ) -> Option<Cookie<'static>> {
        let (Choice::Assigned(variant), Some(id), false) = (choice, visitor.id(), advice.is_brought) else {
            return None;
        };
        cookie::write(headers, id, &advice.configuration, variant, &self.admin).await
    }

    /// The page on which a form was posted, once more: nothing is decided anew, and nobody is assigned.
    pub async fn write_again(
        &self,
        page: &PostedPage,
        contact: &ContactView,
        headers: &HeaderMap,
        trace: &TraceContext,
    ) -> Response {
        let visitor = Visitor::of(headers, self.clock.now());
        let advice = self.abtest.ask(None, headers, trace).await;
        let variant = page.variant.as_deref().and_then(|name| advice.configuration.variant(name));
        let variant = variant.unwrap_or_else(|| advice.configuration.control());
        let decided = Decided {
            variant: &variant,
            experiment_id: page.experiment_id.filter(|_| matches!(visitor, Visitor::Known(_))),
            preview: page.preview,
            recording: visitor != Visitor::Unrecorded,
            advice: &advice,
        };
        self.draw(&decided, contact)
    }

    /// The page with a form that nobody has touched, most of which is drawn already.
    fn cast(&self, decided: &Decided<'_>, contact: &ContactView) -> Response {
        let Decided { variant, preview, recording, .. } = *decided;
        let (nonce, configuration) = (nonce(), &decided.advice.configuration);
        let view = self.view(decided, contact, &nonce);
        // What is forced may come from a configuration that was replaced a moment ago.
        let place = variant.place().filter(|place| configuration.variants().get(*place) == Some(variant));
        let html = match place {
            Some(place) => self.moulds.fill(configuration, Kind { place, preview, recording }, &view),
            None => render(&view),
        };
        self.answer(html, &nonce)
    }

    /// The page, drawn for this one visitor.
    fn draw(&self, decided: &Decided<'_>, contact: &ContactView) -> Response {
        let nonce = nonce();
        self.answer(render(&self.view(decided, contact, &nonce)), &nonce)
    }

    fn view<'a>(&'a self, decided: &'a Decided<'_>, contact: &'a ContactView, nonce: &'a str) -> PageView<'a> {
        PageView {
            variant: decided.variant,
            experiment_id: decided.experiment_id,
            preview: decided.preview,
            recording: decided.recording,
            toggles: &decided.advice.configuration.toggles,
            nonce,
            assets: &self.assets,
            public_url: &self.public_url,
            contact,
        }
    }

    fn answer(&self, html: String, nonce: &str) -> Response {
        let headers: [(HeaderName, String); 3] = [
            (CONTENT_SECURITY_POLICY, policy(nonce, &self.allowed_origins)),
            (CACHE_CONTROL, "private, no-store".to_owned()),
            (VARY, "Cookie, Sec-GPC, DNT".to_owned()),
        ];
        (headers, Html(html)).into_response()
    }
}

/// What lets this answer's own scripts run, and no others.
fn nonce() -> String {
    BASE64_STANDARD_NO_PAD.encode(rand::rng().random::<[u8; 16]>())
}

/// The stylesheet that `<model-viewer>` writes into its own shadow tree, by its hash: the element offers no other way. It
/// changes with the element's version; `sculpture.spec.ts` fails then, and the browser's message names the new one.
const VIEWER_STYLE: &str = "'sha256-PXtZZkJMMyc18o/DN1ZEFOJ2qEGq95IQbVaJFMOXOb0='";

/// Nothing from another host, no script but ours; only our own pages (the admin's preview) may frame it.
fn policy(nonce: &str, framers: &[String]) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}' {VIEWER_STYLE}; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; media-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'self' {}",
        framers.join(" ")
    )
}
