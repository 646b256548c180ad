//! The table in the README: what was measured last, between two marks.

use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

use super::goals::Goal;
use super::machine;
use super::report::{Cells, Findings};

const BEGIN: &str = "<!-- bench: written by `cargo xtask bench --readme` -->";
const END: &str = "<!-- /bench -->";

/// Writes the table into the README.
///
/// # Errors
/// When the README cannot be read or written, or has no place for it.
pub fn write(root: &Path, findings: &Findings, goals: &[&Goal], about: &Value) -> anyhow::Result<()> {
    let file = root.join("README.md");
    let text = fs::read_to_string(&file).context("README.md cannot be read")?;
    let table = table(findings, goals, about);
    fs::write(&file, put(&text, &table)?).context("README.md cannot be written")
}

/// The text with the table in its place.
fn put(text: &str, table: &str) -> anyhow::Result<String> {
    let (before, rest) = text.split_once(BEGIN).with_context(|| format!("README.md has no `{BEGIN}`"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("README.md has no `{END}`"))?;
    Ok(format!("{before}{BEGIN}\n{table}\n{END}{after}"))
}

fn table(findings: &Findings, goals: &[&Goal], about: &Value) -> String {
    let mut lines = vec![
        "| | | | ours | limit | ratio | bar | summit | |".to_owned(),
        "|---|---|---|---:|---:|---:|---:|---:|---|".to_owned(),
    ];
    for goal in goals {
        if let Some(why) = findings.obstacle(goal) {
            lines.push(format!("| {} | {} | {why} | | | | | | |", goal.id, goal.what));
            continue;
        }
        for (place, judged) in findings.judge(goal).iter().enumerate() {
            let (id, what) = if place == 0 { (goal.id, goal.what) } else { ("", "") };
            let Cells { ours, limit, ratio, bar, summit, verdict } = Cells::of(judged);
            let label = judged.figure.label;
            lines.push(format!(
                "| {id} | {what} | {label} | {ours} | {limit} | {ratio} | {bar} | {summit} | {verdict} |"
            ));
        }
    }
    let day = about["date"].as_str().and_then(|date| date.get(..10)).unwrap_or("?");
    format!("{}\n\nMeasured on {day}: {}.", lines.join("\n"), machine::in_words(about))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_takes_the_place_of_the_one_before() {
        let text = format!("above\n{BEGIN}\nold\n{END}\nbelow\n");
        let once = put(&text, "new").unwrap();
        assert_eq!(once, format!("above\n{BEGIN}\nnew\n{END}\nbelow\n"));
        assert_eq!(put(&once, "new").unwrap(), once);
        assert!(put("nothing", "new").is_err());
    }

    #[test]
    fn the_readme_has_a_place_for_it() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        put(&fs::read_to_string(root.join("README.md")).unwrap(), "table").unwrap();
    }
}
