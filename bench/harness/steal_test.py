import unittest

from harness import steal


class Steal(unittest.TestCase):
    def test_is_a_share_of_the_time_between_two_looks(self):
        self.assertEqual(steal.share((10, 1000), (60, 1200)), 0.25)

    def test_two_looks_in_the_same_tick_say_nothing(self):
        self.assertEqual(steal.share((10, 1000), (10, 1000)), 0.0)


if __name__ == "__main__":
    unittest.main()
