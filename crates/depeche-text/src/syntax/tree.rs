//! Which tree is the best, when the best heads make none?
//!
//! Chu and Liu (1965), Edmonds (1967); one root only, by a penalty on every further one
//! (Stanojević and Cohen 2021).

/// Larger than any sum of scores, so that a second root never pays.
const SECOND_ROOT: f32 = 1e6;

/// The heads of the best tree over `n` words; `None` at its only root.
///
/// `scores[i * (n + 1) + j]` is worth having `j` as the head of `i`; `j == n` is the root.
pub fn best_tree(scores: &[f32], n: usize) -> Vec<Option<usize>> {
    debug_assert_eq!(
        scores.len(),
        n * (n + 1),
        "a row a word, a column a head and the root"
    );
    let score = |i: usize, j: usize| scores[i * (n + 1) + j];
    let mut head: Vec<usize> = (0..n).map(|i| best_head(n, i, |j| score(i, j))).collect();
    let roots = head.iter().filter(|&&h| h == n).count();
    if roots != 1 || find_cycle(&head, n).is_some() {
        let mut weights = scores.to_vec();
        for i in 0..n {
            weights[i * (n + 1) + n] -= SECOND_ROOT;
        }
        head = arborescence(&weights, n);
    }
    head.into_iter().map(|h| (h != n).then_some(h)).collect()
}

fn best_head(n: usize, i: usize, score: impl Fn(usize) -> f32) -> usize {
    let mut best = usize::MAX;
    for j in (0..=n).filter(|&j| j != i) {
        if best == usize::MAX || score(j) > score(best) {
            best = j;
        }
    }
    best
}

/// The nodes of one cycle of `head`, if there is one; node `n` is the root.
fn find_cycle(head: &[usize], n: usize) -> Option<Vec<usize>> {
    let mut seen = vec![usize::MAX; n];
    for start in 0..n {
        let mut node = start;
        while node != n && seen[node] == usize::MAX {
            seen[node] = start;
            node = head[node];
        }
        if node != n && seen[node] == start {
            let mut cycle = vec![node];
            let mut next = head[node];
            while next != node {
                cycle.push(next);
                next = head[next];
            }
            return Some(cycle);
        }
    }
    None
}

/// The maximum arborescence into root `n`, as the head of each of the `n` nodes.
fn arborescence(weights: &[f32], n: usize) -> Vec<usize> {
    let weight = |i: usize, j: usize| weights[i * (n + 1) + j];
    let head: Vec<usize> = (0..n).map(|i| best_head(n, i, |j| weight(i, j))).collect();
    let Some(cycle) = find_cycle(&head, n) else { return head };

    // Contract the cycle into one new node, the last before the root.
    let mut in_cycle = vec![false; n + 1];
    for &i in &cycle {
        in_cycle[i] = true;
    }
    let outside: Vec<usize> = (0..n).filter(|&i| !in_cycle[i]).collect();
    let m = outside.len() + 1;
    let knot = m - 1;
    let mut small = vec![f32::NEG_INFINITY; m * (m + 1)];
    // Of each outside head of the knot, the word in the cycle that would take it; of each
    // outside dependent of the knot, the word in the cycle that it would hang on.
    let mut entered = vec![cycle[0]; m + 1];
    let mut left = vec![cycle[0]; m];
    let with_root = outside.iter().copied().map(Some).chain([None, Some(n)]);
    for (b, j) in with_root.enumerate() {
        let Some(j) = j else { continue };
        for (a, &i) in outside.iter().enumerate() {
            small[a * (m + 1) + b] = weight(i, j);
        }
        for &i in &cycle {
            let gain = weight(i, j) - weight(i, head[i]);
            if gain > small[knot * (m + 1) + b] {
                small[knot * (m + 1) + b] = gain;
                entered[b] = i;
            }
        }
    }
    for (a, &i) in outside.iter().enumerate() {
        for &j in &cycle {
            if weight(i, j) > small[a * (m + 1) + knot] {
                small[a * (m + 1) + knot] = weight(i, j);
                left[a] = j;
            }
        }
    }

    let chosen = arborescence(&small, m);
    let mut heads = head;
    let back = |b: usize| if b == m { n } else { outside[b] };
    for (a, &i) in outside.iter().enumerate() {
        heads[i] = if chosen[a] == knot { left[a] } else { back(chosen[a]) };
    }
    let into = chosen[knot];
    heads[entered[into]] = back(into);
    heads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_is_broken_where_it_costs_least() {
        const NO: f32 = f32::NEG_INFINITY;
        // 0 and 1 want each other; 1 can afford the root.
        let scores = [NO, 9.0, 1.0, 8.0, NO, 5.0];
        assert_eq!(best_tree(&scores, 2), [Some(1), None]);
    }

    #[test]
    fn there_is_one_root_and_no_cycle_whatever_the_scores() {
        let mut seed = 1u32;
        for n in 1..24 {
            for _ in 0..50 {
                let mut scores = vec![0f32; n * (n + 1)];
                for (k, score) in scores.iter_mut().enumerate() {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    *score = (seed >> 20) as f32 / 100.0;
                    if k / (n + 1) == k % (n + 1) {
                        *score = f32::NEG_INFINITY;
                    }
                }
                let heads = best_tree(&scores, n);
                assert_eq!(heads.iter().filter(|h| h.is_none()).count(), 1);
                let plain: Vec<usize> = heads.iter().map(|h| h.unwrap_or(n)).collect();
                assert_eq!(find_cycle(&plain, n), None);
            }
        }
    }
}
