# Measures how far texts are from each other.
import textdistance

assert textdistance.levenshtein("kitten", "sitting") == 3
assert round(textdistance.jaro_winkler("martha", "marhta"), 2) == 0.96
