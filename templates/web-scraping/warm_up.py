"""Runs once, at bake time: what it leaves in memory is there in every run."""

import main

main.facts(main.SAMPLE, "https://www.example.com/")
