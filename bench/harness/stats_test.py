import unittest

from harness import stats


class RatioInterval(unittest.TestCase):
    def test_median_of_pairs_not_ratio_of_medians(self):
        # The machine got slower half-way; each pair still says "half".
        median, low, high = stats.ratio_interval([1, 1, 5, 5, 5], [2, 2, 10, 10, 10])
        self.assertEqual((median, low, high), (0.5, 0.5, 0.5))

    def test_interval_holds_the_median_and_is_reproducible(self):
        ours, theirs = [1.0, 1.1, 0.9, 1.3, 1.0, 0.8, 1.05], [2.0] * 7
        first = stats.ratio_interval(ours, theirs)
        self.assertEqual(first, stats.ratio_interval(ours, theirs))
        self.assertLessEqual(first[1], first[0])
        self.assertLessEqual(first[0], first[2])
        self.assertAlmostEqual(first[0], 0.5)
        self.assertGreaterEqual(first[1], 0.4)
        self.assertLessEqual(first[2], 0.65)

    def test_unpaired_runs_and_zeros_are_left_out(self):
        self.assertIsNone(stats.ratio_interval([], [1.0]))
        self.assertIsNone(stats.ratio_interval([1.0], [0.0]))
        self.assertEqual(stats.ratio_interval([1.0, 3.0], [2.0])[0], 0.5)


class Order(unittest.TestCase):
    def test_alternates(self):
        self.assertEqual("".join(stats.abba(4)), "ABBAABBA")
        self.assertEqual(stats.abba(0), [])


if __name__ == "__main__":
    unittest.main()
