import unittest


class Case(unittest.TestCase):
    def test_good(self):
        self.assertEqual(1, 1)

    def test_bad(self):
        self.assertEqual([1, 2], [1, 3])

    @unittest.skip("not now")
    def test_skipped(self):
        pass


if __name__ == "__main__":
    import io

    stream = io.StringIO()
    result = unittest.main(exit=False, testRunner=unittest.TextTestRunner(stream)).result
    print(result)
    raise SystemExit(not result.wasSuccessful())
