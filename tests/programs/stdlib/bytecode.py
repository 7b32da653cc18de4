"""No module of the image is compiled at run time."""

import os
import sys

import csv
import email.message
import unittest.mock
import xml.dom.minidom

for module in (csv, email.message, unittest.mock, xml.dom.minidom):
    print(module.__spec__.origin, module.__cached__, os.path.exists(module.__cached__))

compiled = []


def note(event, arguments):
    if event == "compile" and isinstance(arguments[1], str) and arguments[1].startswith("/"):
        compiled.append(arguments[1])
    if event == "open" and arguments[0] and str(arguments[0]).endswith(".py"):
        compiled.append(arguments[0])


sys.addaudithook(note)
import argparse
import configparser
import dataclasses
import html.parser
import statistics

print(compiled)
