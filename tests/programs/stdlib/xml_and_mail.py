import email
import html
import urllib.parse
import xml.etree.ElementTree as ElementTree
from email.message import EmailMessage

root = ElementTree.fromstring("<a x='1'><b>text</b></a>")
print(root.attrib, root.find("b").text, ElementTree.tostring(root))
message = EmailMessage()
message["Subject"] = "é"
message.set_content("body\n")
print(email.message_from_bytes(bytes(message))["Subject"], html.escape("<a>"))
print(urllib.parse.urlsplit("https://u:p@h:1/p?q=é#f").port, urllib.parse.quote("é/"), urllib.parse.parse_qs("a=1&a=2"))
try:
    ElementTree.fromstring("<a>")
except ElementTree.ParseError as error:
    print(error)
