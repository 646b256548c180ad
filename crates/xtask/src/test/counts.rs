//! Reads from the closing lines of the runners how many tests passed and failed.

/// Tests that ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those that passed.
    pub passed: usize,
    /// Those that did not.
    pub failed: usize,
}

impl Counts {
    /// Adds another runner's.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// `12 passed`, `11 passed, 1 failed`, or nothing when no test ran.
    pub fn in_words(self) -> String {
        match (self.passed, self.failed) {
            (0, 0) => String::new(),
            (passed, 0) => format!("{passed} passed"),
            (passed, failed) => format!("{passed} passed, {failed} failed"),
        }
    }
}

/// The sum over all closing lines among these.
pub fn of(lines: &[String]) -> Counts {
    let mut sum = Counts::default();
    for line in lines {
        sum.add(of_line(line.trim()));
    }
    sum
}

fn of_line(line: &str) -> Counts {
    let words: Vec<&str> = line.split([' ', ';', '|', ',', '.']).filter(|word| !word.is_empty()).collect();
    let before = |kind: &str| {
        let place = words.iter().position(|word| *word == kind)?;
        words.get(place.checked_sub(1)?)?.parse::<usize>().ok()
    };
    // cargo: `test result: ok. 3 passed; 0 failed; …`, vitest: `Tests  1 failed | 2 passed (3)`.
    if line.starts_with("test result:") || (line.starts_with("Tests ") && line.contains('(')) {
        return Counts { passed: before("passed").unwrap_or(0), failed: before("failed").unwrap_or(0) };
    }
    // Playwright: each on a line of its own, `5 passed (12.3s)`, `1 failed`; a flaky test passed in the end.
    match words.as_slice() {
        [number, "passed", time] if time.starts_with('(') => Counts { passed: number.parse().unwrap_or(0), failed: 0 },
        [number, "passed", time, _] if time.starts_with('(') => {
            Counts { passed: number.parse().unwrap_or(0), failed: 0 }
        }
        [number, "flaky"] => Counts { passed: number.parse().unwrap_or(0), failed: 0 },
        [number, "failed" | "interrupted"] | [number, "did", "not", "run"] => {
            Counts { passed: 0, failed: number.parse().unwrap_or(0) }
        }
        _ => Counts::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> (usize, usize) {
        let counts = of(&text.lines().map(str::to_owned).collect::<Vec<_>>());
        (counts.passed, counts.failed)
    }

    #[test]
    fn closing_lines_of_cargo_are_added_up() {
        let said = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s
                    test a::b ... ok
                    test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.2s";
        assert_eq!(count(said), (14, 3));
    }

    #[test]
    fn closing_lines_of_vitest_count_tests_and_not_files() {
        let said = " Test Files  1 failed | 3 passed (4)\n      Tests  2 failed | 30 passed | 1 skipped (33)\n   Start at  10:00:00";
        assert_eq!(count(said), (30, 2));
        assert_eq!(count("      Tests  7 passed (7)"), (7, 0));
    }

    #[test]
    fn closing_lines_of_playwright_are_read() {
        assert_eq!(
            count("  1 failed\n    [chromium] › main.spec.ts:3:1 › a\n  1 flaky\n  2 did not run\n  5 passed (1.2m)"),
            (6, 3)
        );
        assert_eq!(count("  5 passed (12.3s)"), (5, 0));
    }

    #[test]
    fn talk_about_passing_is_not_a_count() {
        assert_eq!(count("3 passed away\nTests are fun\n12 failed attempts"), (0, 0));
    }
}
