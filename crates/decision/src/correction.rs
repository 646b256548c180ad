//! Several questions at once.

/// Holm's adjusted p-values, in the given order: whoever calls those at most α wrong once in α of all families at most,
/// under any dependence. `comparisons` is the number the family was started with. Source: Holm 1979.
pub fn holm(p_values: &[f64], comparisons: usize) -> Vec<f64> {
    let family = comparisons.max(p_values.len());
    let mut adjusted = vec![1.0; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, position) in ascending(p_values).into_iter().enumerate() {
        largest = largest.max(p_values[position] * (family - rank) as f64);
        adjusted[position] = largest.min(1.0);
    }
    adjusted
}

/// Benjamini's and Hochberg's adjusted p-values, in the given order: of those called at most α, a share α is wrong on
/// average. Source: Benjamini & Hochberg 1995.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let family = p_values.len() as f64;
    let mut adjusted = vec![1.0; p_values.len()];
    let mut smallest = 1.0_f64;
    for (rank, position) in ascending(p_values).into_iter().enumerate().rev() {
        smallest = smallest.min(p_values[position] * family / (rank + 1) as f64);
        adjusted[position] = smallest;
    }
    adjusted
}

fn ascending(p_values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|one, other| p_values[*one].total_cmp(&p_values[*other]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_is_that_of_the_textbook() {
        // Holm 1979 by hand: 0.01·4, 0.02·3, 0.03·2 (held up by 0.06), 0.04.
        let adjusted = holm(&[0.03, 0.01, 0.04, 0.02], 4);
        let wanted = [0.06, 0.04, 0.06, 0.06];
        assert!(adjusted.iter().zip(wanted).all(|(got, wanted)| (got - wanted).abs() < 1e-15), "{adjusted:?}");
    }

    #[test]
    fn a_family_keeps_the_size_it_started_with() {
        assert_eq!(holm(&[0.02], 3), [0.06]);
    }

    #[test]
    fn benjamini_hochberg_falls_back_from_the_largest() {
        let adjusted = benjamini_hochberg(&[0.01, 0.04, 0.03, 0.005]);
        let wanted = [0.02, 0.04, 0.04, 0.02];
        assert!(adjusted.iter().zip(wanted).all(|(got, wanted)| (got - wanted).abs() < 1e-15), "{adjusted:?}");
    }

    #[test]
    fn no_question_has_no_answer() {
        assert!(holm(&[], 0).is_empty() && benjamini_hochberg(&[]).is_empty());
    }
}
