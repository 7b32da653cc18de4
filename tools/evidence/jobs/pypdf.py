# Writes, joins and reads documents.
import io

from pypdf import PdfReader, PdfWriter

writer = PdfWriter()
for _ in range(3):
    writer.add_blank_page(width=72, height=72)
writer.add_metadata({"/Title": "Job"})
data = io.BytesIO()
writer.write(data)
reader = PdfReader(data)
assert len(reader.pages) == 3 and reader.metadata.title == "Job"
