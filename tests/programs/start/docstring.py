"""What this program is for."""

print(__doc__)
