"""Medians and bootstrap intervals of ratios between alternating runs."""
import random
import statistics


def ratio_interval(ours, theirs, rounds=2000, seed=1):
    """Median of the pairwise ratios ours/theirs and its 95 % bootstrap interval (low, high).

    Runs i of both lists were made next to each other, so slow drifts of the machine cancel. Nothing
    where there is no pair.
    """
    ratios = [a / b for a, b in zip(ours, theirs) if b > 0]
    if not ratios:
        return None
    rng = random.Random(seed)
    medians = sorted(statistics.median(rng.choices(ratios, k=len(ratios))) for _ in range(rounds))
    return statistics.median(ratios), medians[int(0.025 * rounds)], medians[int(0.975 * rounds)]


def abba(pairs):
    """The order of `pairs` runs of A and B: A B B A A B B A …"""
    order = []
    for i in range(pairs):
        order += ["A", "B"] if i % 2 == 0 else ["B", "A"]
    return order
