//! The document on file is what the code says.

use pushnami_common::program::{Service, document_text};
use pushnami_metrics::Metrics;
use pushnami_testkit::check_file;

#[test]
fn the_document_on_file_is_current() {
    check_file(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json"), &document_text(&Metrics::document()));
}
