/** What each number means, why it is there, and its formula. `n` visitors, `k` conversions, `p̂ = k/n`; A is control. */

export interface Topic {
  id: string;
  title: string;
  text: string;
  formula: string;
  source: string;
}

export const TOPICS: Topic[] = [
  {
    id: "counting",
    title: "Visitors and conversions",
    text: "A visitor is a browser. It counts once, in the variant it was assigned, from the first page it saw there. It converts if it reaches the goal after that and within the goal's window; more clicks add nothing. Robots, previews, visitors who saw two variants and events that claim another variant are left out, and shown under Health.",
    formula: "p̂ = k / n",
    source: "",
  },
  {
    id: "rate",
    title: "Rate, and where it truly lies",
    text: "The counted rate is a sample. The interval holds the true rate in 95 of 100 cases, also with no conversion at all.",
    formula: "(p̂ + z²/2n ± z·√(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n),  z = 1.96",
    source: "Wilson 1927",
  },
  {
    id: "lift",
    title: "Lift",
    text: "By how much the variant's rate differs from control's, as a share of control's: from 5 % to 5.8 % is a lift of +16 %.",
    formula: "lift = (p̂_B − p̂_A) / p̂_A",
    source: "",
  },
  {
    id: "true-change",
    title: "True change (always valid)",
    text: "The interval that decides. It holds the true lift however often you look and whenever you stop, in 95 of 100 experiments. As long as zero is inside, the difference may be chance; the moment zero is outside, the result stands. With several variants each interval is wider, so that all of them together keep the promise.",
    formula:
      "V = max(s_A²/n_A + s_B²/n_B, s²·(1/n_A + 1/n_B)),  N = n_A + n_B\nc = √( (N+ρ)/N · ( ln((N+ρ)/ρ) + 2·ln(m/α) ) ),  ρ = N*/7.936\ndifference: d ± c·√V;   lift: all r − 1 with (p̂_B − r·p̂_A)² ≤ c²·(v_B + r²·v_A + e)",
    source: "Robbins 1970; Howard, Ramdas, McAuliffe, Sekhon 2021; Waudby-Smith et al. 2024; Fieller 1954",
  },
  {
    id: "p",
    title: "p (always valid)",
    text: "How surprising the counts would be without any difference. Below 0.05 the experiment is decided. Watching it does no harm: in at most 5 of 100 experiments without difference it ever gets there.",
    formula: "ln E = ½·ln(ρ/(N+ρ)) + d²·N / (2V·(N+ρ)),   p = min(1, 1/E)",
    source: "as above; over several variants corrected by Holm 1979, over several goals by Benjamini & Hochberg 1995",
  },
  {
    id: "best",
    title: "Chance to be best, chance to beat control",
    text: "What one would bet, given the counts. It explains and does not decide: stopping at 95 % would call a winner in more than half of all experiments without difference.",
    formula: "p_i ~ Beta(a + k_i, b + n_i − k_i);   P(i best) = ∫ f_i · Π_{j≠i} F_j;   P(B > A) = ∫ f_B · F_A",
    source: "exact quadrature; the prior is one conversion at the experiment's own rate",
  },
  {
    id: "loss",
    title: "Lost on average",
    text: "What shipping a variant costs on average if it is not the best after all, in points of the rate. Times the visitors it is lost conversions.",
    formula: "E[max_j p_j − p_i] = ∫ F_i · (1 − Π_{j≠i} F_j) dx",
    source: "Stucchio 2014",
  },
  {
    id: "one-look",
    title: "One look",
    text: "The familiar numbers. They are right for a single look at the planned end, and promise too much when they are watched: looked at 200 times, p < 0.05 comes up in 4 of 10 experiments without difference.",
    formula: "z = (p̂_B − p̂_A) / √(q(1−q)(1/n_A + 1/n_B)),  q = (k_A+k_B)/N;   p = erfc(|z|/√2)",
    source: "pooled z-test; intervals by Newcombe 1998 and Koopman 1984; over revisions by Mantel & Haenszel 1959",
  },
  {
    id: "exact",
    title: "Exact check",
    text: "A second opinion that looks at conversions only: without difference each of them belongs to the variant with the probability of its share of traffic. It holds at any number of visitors, and is weaker at high rates.",
    formula: "ln E = ln B(κw + k_B, κ(1−w) + k_A) − ln B(κw, κ(1−w)) − k_B·ln w − k_A·ln(1−w)",
    source: "Lindon & Malek 2022",
  },
  {
    id: "srm",
    title: "Visitors as configured",
    text: "If a variant gets more or fewer visitors than its share, something drops or duplicates them, and no comparison is worth anything: a redirect, a slow variant, a cache. This check is safe to watch, too; below 0.01 the results are withheld. A visitor who was newly sent to a variant of 0 % is an alarm of its own.",
    formula:
      "ln E = ln Γ(κ) − ln Γ(κ+N) + Σ[ln Γ(κw_i + n_i) − ln Γ(κw_i) − n_i·ln w_i],  κ = 100\nfor one look: χ² = Σ (n_i − N·w_i)² / (N·w_i)",
    source: "Lindon & Malek 2022; Pearson 1900",
  },
  {
    id: "revisions",
    title: "Revisions",
    text: "Each change of the variants or of the split begins a new period. Variants are compared within each, and the differences are combined: otherwise a change from 90/10 to 50/50 on a bad day would look like a difference of the variants (Simpson's paradox).",
    formula: "d = Σ w_s·d_s / Σ w_s,   w_s = n_A·n_B / (n_A + n_B) in revision s",
    source: "Cochran 1954, Mantel & Haenszel 1959",
  },
  {
    id: "means",
    title: "Time on page, scroll depth, and other numbers",
    text: "A goal may be measured in place of reached: one number for each visitor, summed up or the greatest of several, never more than its cap. Variants are compared by their means, with the same always-valid interval as rates. Visitors without a number are left out or count as 0, as the goal says; if one variant's visitors have one more often, the means are not comparable, and nothing is claimed. Means do not decide; as guardrails they warn.",
    formula:
      "x̄ = Σx / n,   s² = (n·Σx² − (Σx)²) / (n·(n−1)),   interval of one mean: x̄ ± t·s/√n\ncompared like rates, with x̄ for p̂ and s² for p̂(1−p̂); at least 30 visitors with a number in each variant",
    source: "as for the true change; Student 1908; over revisions Chan, Golub, LeVeque 1979",
  },
  {
    id: "plan",
    title: "How long it takes",
    text: "Before the start say what rate you expect and which lift is worth finding: that gives the visitors that show it in 8 of 10 experiments, and tunes the intervals to be tightest there (N*). From the first assignment on the plan stays as it is; without one N* is 5,000 and the lift 10 %. Watched all the time a decision takes about as many on average, and at most twice as many. No winner is called before seven days, so that every weekday is in.",
    formula:
      "N* = n_A + n_B,   n_B = ( z_α·√(p̄(1−p̄)(1+1/κ)) + z_β·√(p_B(1−p_B) + p_A(1−p_A)/κ) )² / (p_B − p_A)²,   n_A = κ·n_B",
    source: "Fleiss, Levin, Paik 2003",
  },
];
