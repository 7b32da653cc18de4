# Writes a workbook with formats and a chart.
import zipfile

import xlsxwriter

with xlsxwriter.Workbook("/tmp/report.xlsx") as book:
    sheet = book.add_worksheet("Data")
    sheet.write_column("A1", [1, 2, 3], book.add_format({"bold": True}))
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Data!$A$1:$A$3"})
    sheet.insert_chart("C1", chart)
assert "xl/charts/chart1.xml" in zipfile.ZipFile("/tmp/report.xlsx").namelist()
