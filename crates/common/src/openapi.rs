//! What the three OpenAPI documents share: how to log in, what a refusal looks like.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::{IntoResponses, Modify};

use crate::auth::SESSION_COOKIE;
use crate::error::Problem;

/// Adds the two ways to be the admin, named `bearer` and `cookie`.
#[derive(Clone, Copy, Debug)]
pub struct AdminSecurity;

impl Modify for AdminSecurity {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        components
            .add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE))));
    }
}

/// The refusals any call with input may answer.
#[derive(Debug, IntoResponses)]
pub enum InputProblems {
    /// A business rule is broken, or the bytes cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(Problem),
    /// The shape, type, length or range of a field is wrong; `errors` names it.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// The database is away or overloaded; `Retry-After` says when to try again.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// The refusal of a call that changes something and has no body.
#[derive(Debug, IntoResponses)]
pub enum OftenProblem {
    /// Too many calls from one network that change something; `Retry-After` says when the next is taken.
    #[response(status = 429, content_type = "application/problem+json")]
    TooOften(Problem),
}

/// The refusal of a call that needs something which is away.
#[derive(Debug, IntoResponses)]
pub enum UnavailableProblem {
    /// The database is away or overloaded; `Retry-After` says when to try again.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// The refusals any call with a body may answer, besides [`InputProblems`].
#[derive(Debug, IntoResponses)]
pub enum BodyProblems {
    /// The body is larger than the call takes.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is of another media type than the call takes.
    #[response(status = 415, content_type = "application/problem+json")]
    Unsupported(Problem),
    /// The body came too slowly.
    #[response(status = 408, content_type = "application/problem+json")]
    TooSlow(Problem),
    /// Too many calls from one network that change something; `Retry-After` says when the next is taken.
    #[response(status = 429, content_type = "application/problem+json")]
    TooOften(Problem),
}

/// The refusals any admin call may answer.
#[derive(Debug, IntoResponses)]
pub enum AdminProblems {
    /// Nobody is logged in.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// The cookie came from a page of another origin.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
}

/// The refusal of any change that was meant for another state, by `If-Match`.
#[derive(Debug, IntoResponses)]
pub enum StaleProblem {
    /// It was changed meanwhile. The member `current` holds what it has become, the header `ETag` names that state.
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(Problem),
}

/// The refusal of any call that names one thing.
#[derive(Debug, IntoResponses)]
pub enum NotFoundProblem {
    /// There is no such thing.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
}
