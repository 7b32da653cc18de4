# What CPython repaired after the release that the base has, in files of the standard library that are taken
# from a later one.
import configparser
import http.cookies
import io
import os
import shutil
import tarfile
import wsgiref.headers


def refused(action, *arguments, **keywords):
    try:
        action(*arguments, **keywords)
    except Exception as error:
        return type(error).__name__
    return "accepted"


def cookie(value):
    morsel = http.cookies.Morsel()
    morsel.set("name", value, value)


def header(value):
    wsgiref.headers.Headers([]).add_header("Name", value)


def written(value):
    parser = configparser.ConfigParser()
    parser.read_dict({"section": {"key": value}})
    text = io.StringIO()
    parser.write(text)
    again = configparser.ConfigParser()
    again.read_file(io.StringIO(text.getvalue(), newline=None))
    return again.sections()


def link_in_place_of_the_destination():
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as file:
        link = tarfile.TarInfo(".")
        link.type, link.linkname = tarfile.SYMTYPE, "elsewhere"
        file.addfile(link)
    archive.seek(0)
    with tarfile.open(fileobj=archive) as file:
        file.extractall("/tmp/destination", filter="data")


print("cookie", refused(cookie, "a\x00b"), refused(cookie, "a\rb"))
print("header", refused(header, "a\nb"))
print("settings", written("one\r[other]\rkey = two"))
os.mkdir("/tmp/destination")
print("archive", refused(link_in_place_of_the_destination))
os.mkdir("/tmp/directory")
os.symlink("directory", "/tmp/link")
print("move", refused(shutil.move, "/tmp/directory", "/tmp/link/below"))
