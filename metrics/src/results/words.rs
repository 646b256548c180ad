//! Numbers as people read them.

/// A fraction as a percentage with about two digits that mean something, `4.6%`.
pub fn percent(fraction: f64) -> String {
    let hundredths = fraction * 100.0;
    let digits = match hundredths.abs() {
        size if size >= 10.0 || size == 0.0 => 0,
        size if size >= 1.0 => 1,
        size if size >= 0.1 => 2,
        _ => 3,
    };
    format!("{hundredths:.digits$}%")
}

/// A rate, with one digit more: rates are compared with each other.
pub fn rate(fraction: f64) -> String {
    let hundredths = fraction * 100.0;
    let digits = if hundredths >= 10.0 || hundredths == 0.0 { 1 } else { 2 };
    format!("{hundredths:.digits$}%")
}

/// A lift with its sign, `+16%`.
pub fn lift(fraction: f64) -> String {
    if fraction < 0.0 { format!("−{}", percent(-fraction)) } else { format!("+{}", percent(fraction)) }
}

/// A range of lifts; what has no bound is said so.
pub fn lifts(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("{} to {}", lift(low), lift(high)),
        (Some(low), None) => format!("at least {}", lift(low)),
        (None, Some(high)) => format!("at most {}", lift(high)),
        (None, None) => "anything".to_owned(),
    }
}

/// A rate that is lost or won, in points of a percent.
pub fn points(fraction: f64) -> String {
    match fraction * 100.0 {
        hundredths if hundredths < 0.001 => "less than 0.001 points".to_owned(),
        hundredths if hundredths < 0.1 => format!("{hundredths:.3} points"),
        hundredths => format!("{hundredths:.2} points"),
    }
}

/// A p-value.
pub fn p_value(p: f64) -> String {
    if p < 1e-300 {
        "p < 1e-300".to_owned()
    } else if p < 0.001 {
        format!("p = {p:.0e}")
    } else {
        format!("p = {p:.3}")
    }
}

/// Whole days.
pub fn days(days: f64) -> String {
    match days {
        days if days > 60.0 => "more than 60 days".to_owned(),
        days if days <= 1.0 => "1 day".to_owned(),
        days => format!("{days:.0} days"),
    }
}

/// `one visitor`, `2 visitors`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// Names as a list of a sentence.
pub fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_like_numbers() {
        assert_eq!([percent(0.16), percent(0.0459), percent(0.0), percent(0.00012)], ["16%", "4.6%", "0%", "0.012%"]);
        assert_eq!([lift(0.16), lift(-0.0396), rate(0.058), rate(0.5)], ["+16%", "−4.0%", "5.80%", "50.0%"]);
        assert_eq!(lifts(Some(-0.04), Some(0.41)), "−4.0% to +41%");
        assert_eq!(lifts(Some(0.1), None), "at least +10%");
        assert_eq!([p_value(0.0), p_value(2e-7), p_value(0.0421)], ["p < 1e-300", "p = 2e-7", "p = 0.042"]);
        assert_eq!(
            [points(0.0), points(0.0001), points(0.012)],
            ["less than 0.001 points", "0.010 points", "1.20 points"]
        );
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
    }
}
