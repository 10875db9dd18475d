"""Offsets into a segment's text, between the units that languages count in.

cxscribe's spans are byte offsets into UTF-8. A Python str counts code points; Java, JavaScript and C# count
UTF-16 code units.

    begin, end = bytes_to_code_points(segment.text, span.begin, span.end)
    segment.text[begin:end]

Every function takes the text as a str and a range, and returns the range in the other unit. An offset that lies
outside of the text or inside of a character is a ValueError.
"""


def _utf8_length(character):
    code = ord(character)
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4


def _utf16_length(character):
    return 1 if ord(character) < 0x10000 else 2


def _code_point_length(_):
    return 1


def _convert(text, begin, end, unit_from, unit_to):
    if begin > end:
        raise ValueError(f"the range [{begin}, {end}) ends before it begins")
    found = {}
    position_from = position_to = 0
    for character in text:
        if position_from in (begin, end):
            found[position_from] = position_to
        position_from += unit_from(character)
        position_to += unit_to(character)
    found.setdefault(position_from, position_to)
    for offset in (begin, end):
        if offset not in found:
            raise ValueError(f"offset {offset} is outside of the text or inside of a character")
    return found[begin], found[end]


def bytes_to_code_points(text, begin, end):
    return _convert(text, begin, end, _utf8_length, _code_point_length)


def code_points_to_bytes(text, begin, end):
    return _convert(text, begin, end, _code_point_length, _utf8_length)


def bytes_to_utf16(text, begin, end):
    return _convert(text, begin, end, _utf8_length, _utf16_length)


def utf16_to_bytes(text, begin, end):
    return _convert(text, begin, end, _utf16_length, _utf8_length)
