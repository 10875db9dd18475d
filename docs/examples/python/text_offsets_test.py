#!/usr/bin/env python3
"""Tests of text_offsets."""
import unittest

import text_offsets as offsets

TEXTS = ["", "plain", "Grüße", "日本語", "a👍b", "e\u0301x", "\U0010ffff\u07ff\u0800\uffff", "שלום 123 👩‍👩‍👧"]


class TextOffsets(unittest.TestCase):
    def test_every_range_of_every_text_matches_the_encoders(self):
        for text in TEXTS:
            for begin in range(len(text) + 1):
                for end in range(begin, len(text) + 1):
                    in_bytes = tuple(len(text[:i].encode("utf-8")) for i in (begin, end))
                    in_utf16 = tuple(len(text[:i].encode("utf-16-le")) // 2 for i in (begin, end))
                    self.assertEqual(offsets.bytes_to_code_points(text, *in_bytes), (begin, end))
                    self.assertEqual(offsets.code_points_to_bytes(text, begin, end), in_bytes)
                    self.assertEqual(offsets.bytes_to_utf16(text, *in_bytes), in_utf16)
                    self.assertEqual(offsets.utf16_to_bytes(text, *in_utf16), in_bytes)

    def test_slices_what_the_bytes_say(self):
        text = "Zahl: 4111 👍 für Grüße"
        data = text.encode("utf-8")
        begin = data.index("Grüße".encode("utf-8"))
        first, last = offsets.bytes_to_code_points(text, begin, len(data))
        self.assertEqual(text[first:last], "Grüße")

    def test_refuses_offsets_inside_of_a_character(self):
        for function, text in ((offsets.bytes_to_code_points, "ü"), (offsets.bytes_to_utf16, "👍"),
                               (offsets.utf16_to_bytes, "👍")):
            with self.assertRaises(ValueError):
                function(text, 0, 1)

    def test_refuses_offsets_outside_of_the_text_and_ranges_that_go_back(self):
        for begin, end in ((0, 4), (-1, 2), (2, 1)):
            with self.assertRaises(ValueError):
                offsets.bytes_to_code_points("abc", begin, end)


if __name__ == "__main__":
    unittest.main()
