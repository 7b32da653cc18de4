# Turns XML into dictionaries and back.
import xmltodict

document = xmltodict.parse("<a x='1'><b>2</b><b>3</b></a>")
assert document == {"a": {"@x": "1", "b": ["2", "3"]}}
assert xmltodict.parse(xmltodict.unparse(document)) == document
