# Finds out how text is encoded.
from charset_normalizer import from_bytes

text = "Bсеки човек има право на образование. Oбразованието трябва да бъде безплатно."
assert str(from_bytes(text.encode("utf-8")).best()) == text
